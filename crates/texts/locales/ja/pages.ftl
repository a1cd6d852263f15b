page-continue = { $app_name } に進む
page-close = このページを閉じてかまいません。
page-needs-script = このページには JavaScript が必要です。使用できない場合は、コードを求められた画面で、メールに記載されたコードを入力してください。
page-email = メールアドレス

## What the script shows

page-moment = お待ちください…
page-failed = 処理できませんでした。
page-unreachable = サーバーに接続できませんでした。
page-too-many = 試行回数が多すぎます。数分待ってからもう一度お試しください。
page-without-link = このページはメールのリンクから開いた場合にのみ使用できます。リンクをもう一度開いてください。
page-link-invalid = このリンクは無効になりました。

## Another mail

another-mail-what = メールをもう一度受け取ることができます。そのリンクでアドレスを確認し、新しいパスワードを設定できます。
another-mail-button = メールをもう一度送信する
another-mail-done = このアドレスのアカウントがあれば、新しいリンクを記載したメールをお送りします。
another-mail-email-malformed = メールアドレスの形式が正しくありません。

## /verify-email

verify-email-page-title = メールアドレスの確認
verify-email-page-what = このメールアドレスがご本人のものであり、ご自身でこのメールを請求したことを確認してください。
verify-email-page-button = アドレスを確認する
verify-email-page-done = アドレスが確認されました。
verify-email-page-already = このアドレスはすでに確認されています。
verify-email-page-choose-password = アドレスが確認されました。次にパスワードを設定してください。以前のパスワードがある場合、それは無効になりました。

## /reset-password

reset-password-page-title = 新しいパスワードの設定
reset-password-page-what = アカウントのすべてのログインが終了します。
reset-password-page-email-hint = パスワードマネージャーのための欄です。送信されません。
reset-password-page-password = 新しいパスワード
reset-password-page-password-hint = { $min_length } 文字以上。どの文字でも使用できます。互いに関係のない単語をいくつか組み合わせることをおすすめします。よく使われるパスワードや、お名前、アドレスを使ったものは使用できません。
reset-password-page-repeat = 新しいパスワード (もう一度)
reset-password-page-show = パスワードを表示する
reset-password-page-button = パスワードを設定する
reset-password-page-done = パスワードが設定されました。すべての場所でログアウトされています。新しいパスワードでログインできます。
reset-password-page-too-short = { $min_length } 文字以上にしてください。
reset-password-page-too-long = 長すぎます。
reset-password-page-too-weak = このパスワードは推測されやすいものです。よく使われているか、漏えいしたことがあるか、お名前、アドレス、または単純なパターンでできています。
reset-password-page-used-before = 以前に使用したパスワードです。
reset-password-page-forbidden = 制御文字は使用できません。
reset-password-page-differ = 2 つのパスワードが一致しません。

## /keep-account

keep-account-page-title = アカウントを残す
keep-account-page-what = アカウントの削除が予定されています。アカウントを残すには、ボタンを押してください。
keep-account-page-button = アカウントを残す
keep-account-page-done = アカウントは残ります。もう一度ログインできます。

## /cancel-email-change

cancel-email-change-page-title = メールアドレスの変更を取り消す
cancel-email-change-page-what = あなたのアカウントに新しいメールアドレスが請求されました。現在のアドレスを残すには、ボタンを押してください。
cancel-email-change-page-advice = この変更に心当たりがない場合は、ログインページで「パスワードを忘れた場合」を選び、新しいパスワードも設定してください。
cancel-email-change-page-button = 変更を取り消す
cancel-email-change-page-done = 変更は取り消されました。メールアドレスは元のままです。

## /undo

undo-page-title = 私ではありません
undo-page-what = メールでお知らせした変更に心当たりがない場合は、ボタンを押してください。すると、次のようになります:
undo-page-restored = メールアドレス、電話番号、パスワード、パスキー、認証アプリ、バックアップコードは、変更前の状態に戻ります。その後の変更も取り消されます。その時点で新しかったアドレスは、もう一度確認が必要です。
undo-page-signed-out = すべての場所でログアウトされ、予定されているアカウントの削除は中止されます。
undo-page-frozen = 新しいパスワードを設定するまで、アカウントは凍結されます。設定のためのメールはメインのアドレスに送信されます。
undo-page-changed = 変更が行われた日時:
undo-page-caution = この操作は元に戻せません。ご本人による変更であれば、このページを閉じてください。
undo-page-button = 取り消してアカウントを凍結
undo-page-done = 変更は取り消されました。新しいパスワードを設定するまで、アカウントは凍結されています。
undo-page-mailed = 設定のためのメールは次のアドレスに送信されました:
undo-page-without-address = 変更は取り消され、アカウントは凍結されています。メールアドレスは現在別のアカウントのものです。{ $app_name } の運営者にご連絡ください。

undo-effect-contact-restored = { $value } は再びアカウントに属します。
undo-effect-contact-removed = { $value } はアカウントから削除されます。
undo-effect-contact-unproven = { $value } はもう一度確認が必要です。
undo-effect-primary-email = { $value } が再びメインのメールアドレスになります。
undo-effect-primary-phone = { $value } が再びメインの電話番号になります。
undo-effect-email-change-cancelled = メールアドレスを { $value } に変更する手続きは取り消されます。
undo-effect-password-restored = 新しいパスワードを設定するまで、変更前のパスワードに戻ります。
undo-effect-password-removed = 設定されたパスワードは削除されます。
undo-effect-totp-restored = 変更前の認証アプリが再び有効になります。
undo-effect-totp-removed = 認証アプリは削除されます。
undo-effect-sms-restored = { $value } への SMS が再び第 2 要素になります。
undo-effect-sms-removed = { $value } への SMS は第 2 要素ではなくなります。
undo-effect-passkey-restored = パスキー { $value } が再び登録されます。
undo-effect-passkey-removed = パスキー { $value } は削除されます。
undo-effect-backup-codes-restored = 再び有効になるバックアップコードの数: { $value }
undo-effect-backup-codes-removed = すべてのバックアップコードが無効になります。
undo-effect-policy-enforced = 第 2 要素が再び必須になります。
undo-effect-policy-none = 第 2 要素は必須ではなくなります。
undo-effect-application-withdrawn = { $value } に許可した内容はすべて取り消されます。
undo-effect-deletion-cancelled = 予定されているアカウントの削除は中止されます。
undo-effect-unchanged = アドレス、電話番号、パスワード、認証要素は変更前と同じです。
undo-effect-sign-ins-ended = 終了するログインの数: { $value }
undo-effect-reset-mailed = 新しいパスワードを設定するためのメールは { $value } に送信されます。
undo-effect-reset-not-mailed = 確認済みのメールアドレスが残らないため、新しいパスワードを設定するためのメールを送信できません。

## /oauth/authorize: sign-in

oauth-sign-in-title = ログイン
oauth-sign-in-what = { $application } に進むには、ログインしてください。
oauth-sign-in-identifier = メールアドレスまたはユーザー名
oauth-sign-in-password = パスワード
oauth-sign-in-button = ログイン
oauth-passkey-button = パスキーでログイン
oauth-sign-in-cancel = キャンセルして { $application } に戻る

## /oauth/authorize: second step

oauth-second-step-title = ご本人であることの確認
oauth-second-step-email = コードを記載したメールを { $address } に送信しました。
oauth-second-step-sms = コードを記載した SMS を { $address } に送信しました。バックアップコードを入力することもできます。
oauth-second-step-backup-code = 現在、SMS は送信されません。バックアップコードを入力してください。
oauth-second-step-passkey = アカウントではパスキーが必要です。バックアップコードを入力することもできます。
oauth-second-step-otp = 認証アプリに表示されているコード、またはバックアップコードを入力してください。
oauth-second-step-code = コード
oauth-second-step-button = 続ける
oauth-second-step-again = もう一度ログインする

## /oauth/authorize: why a form is shown again

oauth-failure-stale = このページを開いてから時間が経ちすぎました。もう一度お試しください。
oauth-failure-credentials = メールアドレス、ユーザー名、またはパスワードが違います。
oauth-failure-disabled = このアカウントは停止されています。
oauth-failure-frozen = このアカウントは、新しいパスワードを設定するまで凍結されています。設定用のメールはメインのアドレスに送信されました。
oauth-failure-code = コードが違うか、すでに使用されています。
oauth-failure-expired-code = コードの有効期限が切れています。
oauth-failure-passkey = このパスキーは受け付けられませんでした。

## /oauth/authorize: consent

oauth-consent-title = { $application } を許可しますか？
oauth-consent-what = { $user } としてログインしています。許可すると、{ $application } は次のことができます:
oauth-consent-returns = その後、{ $address } に戻ります。許可はアカウントでいつでも取り消せます。
oauth-consent-allow-button = 許可する
oauth-consent-deny-button = 許可しない
oauth-consent-again = 別のアカウントを使用する

oauth-scope-openid = あなたが誰であるかを知る
oauth-scope-profile = 名前、画像、言語、タイムゾーンを見る
oauth-scope-email = メールアドレスを見る
oauth-scope-phone = 電話番号を見る
oauth-scope-offline-access = 不在の間もアクセスを維持する
oauth-scope-profile-read = プロフィール全体を読み取る
oauth-scope-profile-write = プロフィールを読み取り、変更する
oauth-scope-security-read = ログイン、デバイス、ログイン方法を見る
oauth-scope-security-write = パスワード、アドレス、認証要素、ログインを変更し、アカウントを削除する

## /oauth/logout

oauth-sign-out-title = ログアウト
oauth-sign-out-question = ログアウトしますか？
oauth-sign-out-what = アプリケーションが、このブラウザーでのログインの終了を求めています。
oauth-sign-out-button = ログアウト
oauth-signed-out-title = ログアウトしました
oauth-signed-out-what = このブラウザーでログアウトしました。このページは閉じてかまいません。

## /oauth/authorize and /oauth/logout: a request of an application that is not known

oauth-error-title = うまくいきませんでした
oauth-error-what = アプリケーションに戻り、もう一度お試しください。同じことが繰り返される場合は、その運営者にご連絡ください。
oauth-error-repeated = リクエストでアプリケーションまたはアドレスが 2 回指定されています。
oauth-error-unknown-application = このアプリケーションはここに登録されていません。
oauth-error-foreign-address = 戻り先のアドレスは、このアプリケーションのものではありません。
oauth-error-busy = 現在、サービスが混み合っています。
oauth-error-server = サーバー側で問題が発生しました。

## An address that is none

not-found-page-title = ページが見つかりません
not-found-page-what = このアドレスにページはありません。
