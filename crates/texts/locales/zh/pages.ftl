page-continue = 继续前往 { $app_name }
page-close = 您可以关闭此页面。
page-needs-script = 此页面需要 JavaScript。如果无法使用，请在要求输入验证码的地方输入邮件中的验证码。
page-email = 邮箱地址

## What the script shows

page-moment = 请稍候…
page-failed = 操作未成功。
page-unreachable = 无法连接到服务器。
page-too-many = 尝试次数过多，请等待几分钟。
page-without-link = 此页面只能通过邮件中的链接使用。请重新打开该链接。
page-link-invalid = 此链接已失效。

## Another mail

another-mail-what = 您可以再收一封邮件。其中的链接可确认地址并设置新密码。
another-mail-button = 再发送一封邮件
another-mail-done = 如果存在使用此地址的账号，包含新链接的邮件已在发送途中。
another-mail-email-malformed = 这不是有效的邮箱地址。

## /verify-email

verify-email-page-title = 确认您的邮箱地址
verify-email-page-what = 请确认此邮箱属于您，并且是您请求了该邮件。
verify-email-page-button = 确认地址
verify-email-page-done = 您的地址已确认。
verify-email-page-already = 您的地址此前已确认。
verify-email-page-choose-password = 您的地址已确认。现在请设置密码；如果以前有密码，则已失效。

## /reset-password

reset-password-page-title = 设置新密码
reset-password-page-what = 这会终止您账号的所有登录。
reset-password-page-email-hint = 仅供您的密码管理器使用，不会发送。
reset-password-page-password = 新密码
reset-password-page-password-hint = 至少 { $min_length } 个字符，可以使用任何字符；最好是几个互不相关的词。常见密码、您的姓名和您的地址都不会被接受。
reset-password-page-repeat = 再次输入
reset-password-page-show = 显示密码
reset-password-page-button = 设置密码
reset-password-page-done = 您的密码已设置。您已在所有地方退出登录，现在可以用新密码登录。
reset-password-page-too-short = 至少 { $min_length } 个字符。
reset-password-page-too-long = 太长了。
reset-password-page-too-weak = 此密码容易被猜到：它很常见、曾经泄露，或由您的姓名、地址或简单规律组成。
reset-password-page-used-before = 您以前用过此密码。
reset-password-page-forbidden = 不允许使用控制字符。
reset-password-page-differ = 两次输入的密码不一致。

## /keep-account

keep-account-page-title = 保留您的账号
keep-account-page-what = 您的账号已计划删除。请按下按钮以保留账号。
keep-account-page-button = 保留我的账号
keep-account-page-done = 您的账号已保留。您可以重新登录。

## /cancel-email-change

cancel-email-change-page-title = 取消更改您的邮箱地址
cancel-email-change-page-what = 有人为您的账号请求了新的邮箱地址。请按下按钮以保留您现有的地址。
cancel-email-change-page-advice = 如果您没有请求此次更改，还请在登录页面选择“忘记密码”并设置新密码。
cancel-email-change-page-button = 取消更改
cancel-email-change-page-done = 更改已取消。您的邮箱地址保持不变。

## /undo

undo-page-title = 不是我本人操作
undo-page-what = 如果邮件所述的更改不是您本人操作，请按下按钮。然后：
undo-page-restored = 电子邮件地址、电话号码、密码、通行密钥、身份验证器应用和备用代码会恢复到更改之前的状态。之后的更改也会撤销。当时新添加的地址必须重新验证。
undo-page-signed-out = 所有地方的登录都会终止，已计划的账号删除会取消。
undo-page-frozen = 在您设置新密码之前，账号处于冻结状态。用于设置新密码的邮件会发送至主要地址。
undo-page-changed = 更改的时间：
undo-page-caution = 此操作无法撤销。如果是您本人操作，请关闭此页面。
undo-page-button = 撤销并冻结账号
undo-page-done = 更改已撤销，在您设置新密码之前，您的账号处于冻结状态。
undo-page-mailed = 用于设置新密码的邮件已发送至此地址：
undo-page-without-address = 更改已撤销，您的账号已冻结。其电子邮件地址现在属于另一个账号：请联系 { $app_name } 的运营者寻求帮助。

undo-effect-contact-restored = { $value } 重新属于该账号。
undo-effect-contact-removed = { $value } 会从账号中移除。
undo-effect-contact-unproven = { $value } 必须重新验证。
undo-effect-primary-email = { $value } 重新成为主要电子邮件地址。
undo-effect-primary-phone = { $value } 重新成为主要电话号码。
undo-effect-email-change-cancelled = 将电子邮件地址更改为 { $value } 的请求会取消。
undo-effect-password-restored = 在您设置新密码之前，恢复更改之前的密码。
undo-effect-password-removed = 已设置的密码会移除。
undo-effect-totp-restored = 更改之前的身份验证器应用重新启用。
undo-effect-totp-removed = 身份验证器应用会移除。
undo-effect-sms-restored = 发送至 { $value } 的短信重新成为第二验证方式。
undo-effect-sms-removed = 发送至 { $value } 的短信不再是第二验证方式。
undo-effect-passkey-restored = 通行密钥 { $value } 重新注册。
undo-effect-passkey-removed = 通行密钥 { $value } 会移除。
undo-effect-backup-codes-restored = 重新有效的备用代码数量：{ $value }
undo-effect-backup-codes-removed = 所有备用代码都会失效。
undo-effect-policy-enforced = 重新要求第二验证方式。
undo-effect-policy-none = 不再要求第二验证方式。
undo-effect-application-withdrawn = 对 { $value } 的所有授权都会撤销。
undo-effect-deletion-cancelled = 已计划的账号删除会取消。
undo-effect-unchanged = 地址、电话号码、密码和验证方式与更改之前相同。
undo-effect-sign-ins-ended = 终止的登录数量：{ $value }
undo-effect-reset-mailed = 用于设置新密码的邮件会发送至 { $value }。
undo-effect-reset-not-mailed = 无法发送用于设置新密码的邮件，因为没有剩余的已验证电子邮件地址。

## /oauth/authorize: sign-in

oauth-sign-in-title = 登录
oauth-sign-in-what = 登录以继续前往 { $application }。
oauth-sign-in-identifier = 邮箱地址或用户名
oauth-sign-in-password = 密码
oauth-sign-in-button = 登录
oauth-passkey-button = 使用通行密钥登录
oauth-sign-in-cancel = 取消并返回 { $application }

## /oauth/authorize: second step

oauth-second-step-title = 确认是您本人
oauth-second-step-email = 包含验证码的邮件正在发往 { $address }。
oauth-second-step-sms = 包含验证码的短信正在发往 { $address }。您也可以输入一个备用码。
oauth-second-step-backup-code = 目前不发送短信。请输入一个备用码。
oauth-second-step-passkey = 您的账号要求使用通行密钥。您也可以输入一个备用码。
oauth-second-step-otp = 请输入身份验证器应用显示的验证码，或一个备用码。
oauth-second-step-code = 验证码
oauth-second-step-button = 继续
oauth-second-step-again = 重新登录

## /oauth/authorize: why a form is shown again

oauth-failure-stale = 此页面打开的时间过长。请重试。
oauth-failure-credentials = 邮箱地址、用户名或密码错误。
oauth-failure-disabled = 此账号已停用。
oauth-failure-frozen = 此账号已被冻结，直到您设置新密码。相关邮件已发送到您的主要地址。
oauth-failure-code = 此验证码不正确，或已被使用。
oauth-failure-expired-code = 此验证码已过期。
oauth-failure-passkey = 此通行密钥未被接受。

## /oauth/authorize: consent

oauth-consent-title = 允许 { $application } 吗？
oauth-consent-what = 您以 { $user } 的身份登录。如果您允许，{ $application } 可以：
oauth-consent-returns = 之后您将返回 { $address }。您可以随时在您的账号中撤销此授权。
oauth-consent-allow-button = 允许
oauth-consent-deny-button = 不允许
oauth-consent-again = 使用其他账号

oauth-scope-openid = 了解您是谁
oauth-scope-profile = 查看您的姓名、图片、语言和时区
oauth-scope-email = 查看您的邮箱地址
oauth-scope-phone = 查看您的电话号码
oauth-scope-offline-access = 在您离开期间保持访问权限
oauth-scope-profile-read = 读取您的全部个人资料
oauth-scope-profile-write = 读取和更改您的个人资料
oauth-scope-security-read = 查看您的登录、设备和登录方式
oauth-scope-security-write = 更改您的密码、地址、验证方式和登录，以及删除您的账号

## /oauth/logout

oauth-sign-out-title = 退出登录
oauth-sign-out-question = 要退出登录吗？
oauth-sign-out-what = 一个应用请求终止您在此浏览器中的登录。
oauth-sign-out-button = 退出登录
oauth-signed-out-title = 已退出登录
oauth-signed-out-what = 您已在此浏览器中退出登录。您可以关闭此页面。

## /oauth/authorize and /oauth/logout: a request of an application that is not known

oauth-error-title = 操作未成功
oauth-error-what = 请返回该应用并重试。如果再次发生，请告知其运营者。
oauth-error-repeated = 请求中两次指定了应用或地址。
oauth-error-unknown-application = 此应用未在此处注册。
oauth-error-foreign-address = 返回地址不属于此应用。
oauth-error-busy = 服务目前繁忙。
oauth-error-server = 我们这边出了问题。

## An address that is none

not-found-page-title = 未找到页面
not-found-page-what = 此地址没有页面。
