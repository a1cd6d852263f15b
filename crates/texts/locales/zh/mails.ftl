## Parts of every mail

mail-hello = 您好：
mail-hello-name = { $name }，您好：
mail-when = 时间：{ $time }
mail-device = 设备：{ $device }
mail-address = IP 地址：{ $ip }
mail-address-in = IP 地址：{ $ip }（{ $place }）
mail-automatic = 本邮件由系统自动发送，回复不会被阅读。
mail-or-link = 或者打开以下链接：
mail-button-fallback = 如果按钮无法使用，请打开此地址：{ $link }

device-words = { $system } 上的 { $browser }

within-minutes = { $count ->
   *[other] { $count } 分钟内
}
within-hours = { $count ->
   *[other] { $count } 小时内
}
within-days = { $count ->
   *[other] { $count } 天内
}

advice-new-one = 如果是您本人操作，则无需执行任何操作。如果不是，请在登录页面选择“忘记密码”，并立即设置新密码。
advice-new-password = 如果是您本人操作，则无需执行任何操作。如果不是，请在登录页面选择“忘记密码”，并立即设置新密码。
advice-unchanged = 如果不是您本人操作，可以忽略本邮件：您的账号没有任何变化。

undo-open-link = 如果是您本人操作，则无需执行任何操作。如果不是，请在 { $within }通过此链接撤销：
undo-go-on = 如果是您本人操作，则无需执行任何操作。如果不是，请在 { $within }撤销：
undo-button = 不是我本人操作
undo-what = 撤销后，您的账号会恢复到更改之前的状态，您会在所有地方退出登录，并且在您设置新密码之前任何人都无法登录。

## Proofs

verify-email-subject = 请确认您在 { $app_name } 的邮箱地址
verify-email-enter-code = 请确认此邮箱地址属于您。请在 { $within }输入此验证码：
verify-email-or-click = 或者点击一下即可确认：
verify-email-button = 确认我的地址
verify-email-caution = 仅当您本人刚刚注册时才这样做。如果不是您本人操作，请忽略本邮件：没有它，任何人都无法继续。

confirm-email-change-subject = 请确认您在 { $app_name } 的新邮箱地址
confirm-email-change-enter-code = 您请求将此邮箱地址用于您的 { $app_name } 账号。请在 { $within }输入此验证码：
confirm-email-change-caution = 如果不是您本人操作，可以忽略本邮件：没有验证码，您的地址不会被添加到任何账号。

invitation-subject = 您在 { $app_name } 的账号
invitation-open-link = 已在 { $app_name } 为您创建账号。要确认您的邮箱地址并设置密码，请在 { $within }打开此链接：
invitation-go-on = 已在 { $app_name } 为您创建账号。要确认您的邮箱地址并设置密码，请在 { $within }继续：
invitation-button = 设置您的账号
invitation-caution = 如果您没有预料到本邮件，可以忽略它：没有此链接，任何人都无法使用该账号。

reset-password-subject = 请为 { $app_name } 设置新密码
reset-password-enter-code = 要设置新密码，请在 { $within }输入此验证码：
reset-password-or-click = 或者点击一下继续：
reset-password-open-link = 要设置新密码，请在 { $within }打开此链接：
reset-password-go-on = 要设置新密码，请在 { $within }继续：
reset-password-button = 设置新密码
reset-password-caution = 如果不是您本人操作，可以忽略本邮件：您的密码保持不变。

already-registered-subject = 您在 { $app_name } 已有账号
already-registered-what = 有人（可能是您本人）尝试用此邮箱地址注册 { $app_name }。该地址已属于某个账号，因此没有创建新账号。请照常登录；如果忘记了密码，可以在登录页面申请新密码。

## Passwords and sign-ins

password-changed-subject = 您的 { $app_name } 密码已更改
password-changed-what = 您的 { $app_name } 账号的密码已更改。您在其他所有地方的登录均已退出。

password-removed-subject = 您的 { $app_name } 密码已移除
password-removed-what = 您的 { $app_name } 账号的密码已移除。今后您将使用通行密钥登录。您在其他所有地方的登录均已退出。

new-sign-in-subject = 您的 { $app_name } 账号有新的登录
new-sign-in-what = 有人（希望是您本人）通过以前未使用过的设备或网络登录了您的 { $app_name } 账号。
new-sign-in-advice = 如果是您本人操作，则无需执行任何操作。如果不是，请在登录页面选择“忘记密码”，并立即设置新密码：这会终止所有登录。

change-undone-subject = 您的 { $app_name } 账号的一项更改已撤销
change-undone-what = 有人在有关您的 { $app_name } 账号的邮件中按下了“不是我本人操作”。电子邮件地址、电话号码、密码和验证方式已恢复到该邮件所述更改之前的状态，所有登录均已终止。
change-undone-mailed = 在设置新密码之前，账号处于冻结状态。用于设置新密码的邮件已发送至 { $masked_email }。
change-undone-without-address = 账号已冻结，并且没有可以接收新密码邮件的电子邮件地址。请联系 { $app_name } 的运营者寻求帮助。
change-undone-advice = 如果不应有人执行此操作，请立即联系 { $app_name } 的运营者寻求帮助。

## Addresses and numbers

email-change-requested-subject = 要为您的 { $app_name } 账号更换邮箱地址吗？
email-change-requested-what = 有人（希望是您本人）请求将您的 { $app_name } 账号的邮箱地址更改为 { $masked_email }。在该地址得到确认之前，将继续使用您的现有地址。
email-change-requested-cancel = 如果是您本人操作，则无需在此执行任何操作。如果不是，请在 { $within }取消此次更改：
email-change-requested-cancel-link = 如果是您本人操作，则无需在此执行任何操作。如果不是，请在 { $within }通过此链接取消此次更改：
email-change-requested-button = 取消更改
email-change-requested-advice = 然后请在登录页面选择“忘记密码”并设置新密码：这会终止所有登录，同时也会取消此次更改。

email-change-cancelled-subject = 您的 { $app_name } 账号的邮箱地址保持不变
email-change-cancelled-what = 将您的 { $app_name } 账号的邮箱地址更改为 { $masked_email } 的请求已取消。将继续使用您的现有地址。
email-change-cancelled-advice = 如果您没有请求此次更改，或没有取消它，请在登录页面选择“忘记密码”，并立即设置新密码。

email-changed-subject = 您的 { $app_name } 账号的邮箱地址已更改
email-changed-what = 您的 { $app_name } 账号的主邮箱地址现在是 { $masked_email }。今后有关您账号的邮件将发送到该地址。
email-changed-advice = 如果是您本人操作，则无需执行任何操作。如果不是，请立即联系 { $app_name } 的运营者寻求帮助。

contact-changed-subject = 您的 { $app_name } 账号的联系方式已更改
contact-changed-what = 您的 { $app_name } 账号的主邮箱地址或电话号码已更改。

contact-added-subject = 您的 { $app_name } 账号有新的联系方式
contact-added-what = { $masked } 已添加到您的 { $app_name } 账号。它尚未得到确认，在此之前不能用于任何用途。

contact-verified-subject = 您的 { $app_name } 账号的新联系方式已确认
contact-verified-what = { $masked } 已得到确认，现在属于您的 { $app_name } 账号。

contact-removed-subject = 您的 { $app_name } 账号的联系方式已移除
contact-removed-what = { $masked } 已从您的 { $app_name } 账号中移除。

contact-claimed-subject = 有人在 { $app_name } 使用了您的联系方式
contact-claimed-what = 有人（可能是您本人）尝试将 { $masked } 添加到另一个 { $app_name } 账号。它属于您的账号，并将继续保留；没有发送任何验证码。

## Second factors and passkeys

authenticator-added-subject = 您的 { $app_name } 账号已添加身份验证器应用
authenticator-added-what = 您的 { $app_name } 账号已添加身份验证器应用。今后使用密码登录时，还需要该应用的验证码。
authenticator-added-advice = 如果是您本人操作，则无需执行任何操作。如果不是，请在登录页面选择“忘记密码”，设置新密码，并立即联系 { $app_name } 的运营者寻求帮助。

authenticator-removed-subject = 您的 { $app_name } 账号的身份验证器应用已移除
authenticator-removed-what = 您的 { $app_name } 账号的身份验证器应用已移除。今后不再要求也不再接受它的验证码。

sms-factor-added-subject = 您的 { $app_name } 账号的登录已添加短信验证码
sms-factor-added-what = { $masked } 现在是您的 { $app_name } 账号的第二验证方式。今后使用密码登录时，还需要发送到该号码的短信验证码。

sms-factor-removed-subject = 您的 { $app_name } 账号的登录已移除短信验证码
sms-factor-removed-what = { $masked } 不再是您的 { $app_name } 账号的第二验证方式。登录时不再要求发送到该号码的短信验证码。

backup-codes-made-subject = 您的 { $app_name } 账号的新备用码
backup-codes-made-what = 已为您的 { $app_name } 账号生成新的备用码。以前的备用码不再有效。

backup-code-used-subject = 您的 { $app_name } 账号的一个备用码已被使用
backup-code-used-what = 您的 { $app_name } 账号的一个备用码已用于登录或确认更改。剩余备用码：{ $left }。
backup-code-used-last = 请生成新的备用码，以便在没有其他第二验证方式时也能登录。

passkey-added-subject = 您的 { $app_name } 账号已添加通行密钥
passkey-added-what = 您的 { $app_name } 账号已添加通行密钥。持有它的人无需您的密码即可登录。
passkey-added-advice = 如果是您本人操作，则无需执行任何操作。如果不是，请登录并移除该通行密钥，然后立即更改密码。

passkey-removed-subject = 您的 { $app_name } 账号的通行密钥已移除
passkey-removed-what = 您的 { $app_name } 账号的一个通行密钥已移除。它不能再用于登录。

application-allowed-subject = 一个应用已获准使用您的 { $app_name } 账号
application-allowed-what = { $application } 已获准使用您的 { $app_name } 账号。
application-allowed-advice = 如果是您本人操作，则无需执行任何操作。如果不是，请登录并在应用列表中撤销许可，然后立即更改密码。

factors-reset-subject = 您的 { $app_name } 账号的第二验证方式已移除
factors-reset-what = { $app_name } 的运营者移除了您账号的第二验证方式：身份验证器应用、短信验证码、备用码和已记住的设备。您已在所有地方退出登录。
factors-reset-what-passkeys = { $app_name } 的运营者移除了您账号的第二验证方式：身份验证器应用、短信验证码、备用码、通行密钥和已记住的设备。您已在所有地方退出登录。
factors-reset-advice = 如果是您本人请求的，请登录并重新添加第二验证方式。如果不是，请在登录页面选择“忘记密码”，立即设置新密码，并告知运营者。

## Deletion

deletion-scheduled-subject = 您的 { $app_name } 账号将被删除
deletion-scheduled-open-link = 根据请求，您的 { $app_name } 账号将于 { $on } 删除。您已在所有地方退出登录。在此之前，您可以通过此链接保留账号：
deletion-scheduled-go-on = 根据请求，您的 { $app_name } 账号将于 { $on } 删除。您已在所有地方退出登录。在此之前，您可以保留账号：
deletion-scheduled-button = 保留我的账号
deletion-scheduled-advice = 如果是您本人请求的，则无需执行任何操作。如果不是，请保留账号，然后在登录页面选择“忘记密码”，并立即设置新密码。

deletion-reminder-subject = 您的 { $app_name } 账号即将被删除
deletion-reminder-open-link = 根据请求，您的 { $app_name } 账号将于 { $on } 删除。在此之前，您可以通过此链接保留账号：
deletion-reminder-go-on = 根据请求，您的 { $app_name } 账号将于 { $on } 删除。在此之前，您可以保留账号：
deletion-reminder-advice = 如果您仍希望删除账号，则无需执行任何操作。

deletion-cancelled-subject = 您的 { $app_name } 账号已保留
deletion-cancelled-what = 您的 { $app_name } 账号的删除已取消。账号保持原样。
deletion-cancelled-advice = 如果不是您本人操作，请在登录页面选择“忘记密码”，并立即设置新密码。

account-deleted-subject = 您的 { $app_name } 账号已删除
account-deleted-what = 根据请求，您的 { $app_name } 账号已删除。属于该账号的一切均已清除，无法恢复。

## Exports

export-requested-subject = 导出您的 { $app_name } 账号
export-requested-what = 有人（希望是您本人）请求了您的 { $app_name } 账号中全部内容的副本。只有已登录并且刚刚验证过身份的人才能下载。
export-requested-advice = 如果是您本人操作，则无需执行任何操作。如果不是，请在登录页面选择“忘记密码”，并立即设置新密码：这会终止所有登录。

export-ready-subject = 您的 { $app_name } 导出内容可以下载了
export-ready-what = 您的 { $app_name } 账号中全部内容的副本已准备好。登录后，您可以在 { $within }从您的账号下载：
export-ready-button = 前往我的账号
export-ready-advice = 如果不是您本人请求的，请在登录页面选择“忘记密码”，并立即设置新密码。

## For the operator

test-subject = 来自 { $app_name } 的测试邮件
test-what = 这是一封测试邮件。如果您能读到它，说明 { $app_name } 可以向您发送邮件。
