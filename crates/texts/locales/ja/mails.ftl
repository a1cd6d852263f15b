## Parts of every mail

mail-hello = こんにちは。
mail-hello-name = { $name } 様
mail-when = 日時: { $time }
mail-device = デバイス: { $device }
mail-address = IP アドレス: { $ip }
mail-address-in = IP アドレス: { $ip } ({ $place })
mail-automatic = このメールは自動的に送信されています。返信いただいてもお読みできません。
mail-or-link = または、次のリンクを開いてください:
mail-button-fallback = ボタンが機能しない場合は、次のアドレスを開いてください: { $link }

device-words = { $system } の { $browser }

within-minutes = { $count ->
   *[other] { $count } 分以内に
}
within-hours = { $count ->
   *[other] { $count } 時間以内に
}
within-days = { $count ->
   *[other] { $count } 日以内に
}

advice-new-one = ご本人による操作であれば、何もする必要はありません。心当たりがない場合は、ログインページで「パスワードを忘れた場合」を選び、すぐに新しいパスワードを設定してください。
advice-new-password = ご本人による操作であれば、何もする必要はありません。心当たりがない場合は、ログインページで「パスワードを忘れた場合」を選び、すぐに新しいパスワードを設定してください。
advice-unchanged = 心当たりがない場合は、このメールを無視してかまいません。アカウントに変更はありません。

undo-open-link = ご本人による操作であれば、何もする必要はありません。心当たりがない場合は、{ $within }次のリンクから変更を取り消してください:
undo-go-on = ご本人による操作であれば、何もする必要はありません。心当たりがない場合は、{ $within }変更を取り消してください:
undo-button = 私ではありません
undo-what = 取り消すと、アカウントは変更前の状態に戻り、すべての場所でログアウトされ、新しいパスワードを設定するまで誰もログインできなくなります。

## Proofs

verify-email-subject = { $app_name } のメールアドレスを確認してください
verify-email-enter-code = このメールアドレスがご本人のものであることを確認してください。{ $within }次のコードを入力してください:
verify-email-or-click = または、クリックして確認することもできます:
verify-email-button = アドレスを確認する
verify-email-caution = ご自身で登録手続きをした直後の場合にのみ行ってください。心当たりがない場合は、このメールを無視してください。このメールがなければ、誰も手続きを進めることはできません。

confirm-email-change-subject = { $app_name } の新しいメールアドレスを確認してください
confirm-email-change-enter-code = { $app_name } アカウントでこのメールアドレスを使用する手続きが行われました。{ $within }次のコードを入力してください:
confirm-email-change-caution = 心当たりがない場合は、このメールを無視してかまいません。コードがなければ、このアドレスがアカウントに追加されることはありません。

invitation-subject = { $app_name } のアカウントが用意されました
invitation-open-link = { $app_name } にあなたのアカウントが作成されました。メールアドレスを確認してパスワードを設定するには、{ $within }次のリンクを開いてください:
invitation-go-on = { $app_name } にあなたのアカウントが作成されました。メールアドレスを確認してパスワードを設定するには、{ $within }次に進んでください:
invitation-button = アカウントを設定する
invitation-caution = 心当たりがない場合は、このメールを無視してかまいません。リンクがなければ、誰もこのアカウントを使用できません。

reset-password-subject = { $app_name } の新しいパスワードを設定してください
reset-password-enter-code = 新しいパスワードを設定するには、{ $within }次のコードを入力してください:
reset-password-or-click = または、クリックして次に進んでください:
reset-password-open-link = 新しいパスワードを設定するには、{ $within }次のリンクを開いてください:
reset-password-go-on = 新しいパスワードを設定するには、{ $within }次に進んでください:
reset-password-button = 新しいパスワードを設定する
reset-password-caution = 心当たりがない場合は、このメールを無視してかまいません。パスワードは変更されません。

already-registered-subject = { $app_name } のアカウントをすでにお持ちです
already-registered-what = このメールアドレスで { $app_name } に登録しようとする操作がありました。このアドレスはすでにアカウントで使用されているため、新しいアカウントは作成されていません。通常どおりログインしてください。パスワードを忘れた場合は、ログインページで新しいパスワードを設定できます。

## Passwords and sign-ins

password-changed-subject = { $app_name } のパスワードが変更されました
password-changed-what = { $app_name } アカウントのパスワードが変更されました。ほかの場所ではすべてログアウトされています。

password-removed-subject = { $app_name } のパスワードが削除されました
password-removed-what = { $app_name } アカウントのパスワードが削除されました。今後はパスキーでログインします。ほかの場所ではすべてログアウトされています。

new-sign-in-subject = { $app_name } アカウントへの新しいログイン
new-sign-in-what = これまで使用されたことのないデバイスまたはネットワークから、{ $app_name } アカウントへのログインがありました。
new-sign-in-advice = ご本人による操作であれば、何もする必要はありません。心当たりがない場合は、ログインページで「パスワードを忘れた場合」を選び、すぐに新しいパスワードを設定してください。すべてのログインが終了します。

change-undone-subject = { $app_name } アカウントの変更が取り消されました
change-undone-what = { $app_name } アカウントに関するメールで「私ではありません」が押されました。メールアドレス、電話番号、パスワード、認証要素は、そのメールでお知らせした変更の前の状態に戻り、すべてのログインが終了しました。
change-undone-mailed = 新しいパスワードが設定されるまで、アカウントは凍結されています。設定のためのメールは { $masked_email } に送信されました。
change-undone-without-address = アカウントは凍結されており、新しいパスワードを設定するためのメールを受け取れるメールアドレスがありません。{ $app_name } の運営者にご連絡ください。
change-undone-advice = この操作に心当たりがない場合は、すぐに { $app_name } の運営者にご連絡ください。

## Addresses and numbers

email-change-requested-subject = { $app_name } アカウントのメールアドレス変更について
email-change-requested-what = { $app_name } アカウントのメールアドレスを { $masked_email } に変更する手続きが行われました。新しいアドレスが確認されるまでは、現在のアドレスが引き続き使用されます。
email-change-requested-cancel = ご本人による操作であれば、ここでは何もする必要はありません。心当たりがない場合は、{ $within }変更を取り消してください:
email-change-requested-cancel-link = ご本人による操作であれば、ここでは何もする必要はありません。心当たりがない場合は、{ $within }次のリンクから変更を取り消してください:
email-change-requested-button = 変更を取り消す
email-change-requested-advice = その後、ログインページで「パスワードを忘れた場合」を選び、新しいパスワードを設定してください。すべてのログインが終了し、変更も取り消されます。

email-change-cancelled-subject = { $app_name } アカウントのメールアドレスは変更されません
email-change-cancelled-what = { $app_name } アカウントのメールアドレスを { $masked_email } に変更する手続きは取り消されました。現在のアドレスが引き続き使用されます。
email-change-cancelled-advice = 変更の手続きまたは取り消しに心当たりがない場合は、ログインページで「パスワードを忘れた場合」を選び、すぐに新しいパスワードを設定してください。

email-changed-subject = { $app_name } アカウントのメールアドレスが変更されました
email-changed-what = { $app_name } アカウントのメインのメールアドレスは { $masked_email } になりました。今後、アカウントに関するメールはこのアドレスに送信されます。
email-changed-advice = ご本人による操作であれば、何もする必要はありません。心当たりがない場合は、すぐに { $app_name } の運営者にご連絡ください。

contact-changed-subject = { $app_name } アカウントの連絡先が変更されました
contact-changed-what = { $app_name } アカウントのメインのメールアドレスまたは電話番号が変更されました。

contact-added-subject = { $app_name } アカウントに連絡先が追加されました
contact-added-what = { $masked } が { $app_name } アカウントに追加されました。まだ確認されていないため、確認されるまでは使用できません。

contact-verified-subject = { $app_name } アカウントの連絡先が確認されました
contact-verified-what = { $masked } が確認され、{ $app_name } アカウントの連絡先になりました。

contact-removed-subject = { $app_name } アカウントの連絡先が削除されました
contact-removed-what = { $masked } が { $app_name } アカウントから削除されました。

contact-claimed-subject = { $app_name } であなたの連絡先が使用されました
contact-claimed-what = { $masked } を別の { $app_name } アカウントに追加しようとする操作がありました。この連絡先はあなたのアカウントのものであり、今後も変わりません。コードは送信されていません。

## Second factors and passkeys

authenticator-added-subject = { $app_name } アカウントに認証アプリが追加されました
authenticator-added-what = { $app_name } アカウントに認証アプリが追加されました。今後、パスワードでログインするには、このアプリのコードも必要です。
authenticator-added-advice = ご本人による操作であれば、何もする必要はありません。心当たりがない場合は、ログインページで「パスワードを忘れた場合」を選んで新しいパスワードを設定し、すぐに { $app_name } の運営者にご連絡ください。

authenticator-removed-subject = { $app_name } アカウントの認証アプリが削除されました
authenticator-removed-what = { $app_name } アカウントの認証アプリが削除されました。今後、このアプリのコードは求められず、使用することもできません。

sms-factor-added-subject = { $app_name } アカウントのログインに SMS コードが追加されました
sms-factor-added-what = { $masked } が { $app_name } アカウントの第 2 要素になりました。今後、パスワードでログインするには、この番号に SMS で届くコードも必要です。

sms-factor-removed-subject = { $app_name } アカウントのログインから SMS コードが削除されました
sms-factor-removed-what = { $masked } は { $app_name } アカウントの第 2 要素ではなくなりました。今後、ログイン時にこの番号への SMS のコードは求められません。

backup-codes-made-subject = { $app_name } アカウントの新しいバックアップコード
backup-codes-made-what = { $app_name } アカウントの新しいバックアップコードが作成されました。以前のコードは使用できません。

backup-code-used-subject = { $app_name } アカウントのバックアップコードが使用されました
backup-code-used-what = ログインまたは変更の確認のために、{ $app_name } アカウントのバックアップコードが使用されました。残りのコード: { $left }
backup-code-used-last = もう 1 つの第 2 要素がなくてもログインできるように、新しいコードを作成してください。

passkey-added-subject = { $app_name } アカウントにパスキーが追加されました
passkey-added-what = { $app_name } アカウントにパスキーが追加されました。このパスキーを持つ人は、パスワードなしでログインできます。
passkey-added-advice = ご本人による操作であれば、何もする必要はありません。心当たりがない場合は、ログインしてこのパスキーを削除し、すぐにパスワードを変更してください。

passkey-removed-subject = { $app_name } アカウントからパスキーが削除されました
passkey-removed-what = { $app_name } アカウントからパスキーが削除されました。このパスキーではログインできなくなりました。

application-allowed-subject = { $app_name } アカウントの使用がアプリケーションに許可されました
application-allowed-what = { $application } に { $app_name } アカウントの使用が許可されました。
application-allowed-advice = ご本人による操作であれば、何もする必要はありません。心当たりがない場合は、ログインしてアプリケーションの一覧から許可を取り消し、すぐにパスワードを変更してください。

factors-reset-subject = { $app_name } アカウントの第 2 要素が削除されました
factors-reset-what = { $app_name } の運営者が、あなたのアカウントの第 2 要素（認証アプリ、SMS コード、バックアップコード、記憶されたデバイス）を削除しました。すべての場所でログアウトされました。
factors-reset-what-passkeys = { $app_name } の運営者が、あなたのアカウントの第 2 要素（認証アプリ、SMS コード、バックアップコード、パスキー、記憶されたデバイス）を削除しました。すべての場所でログアウトされました。
factors-reset-advice = ご本人による依頼であれば、ログインして、もう一度第 2 要素を追加してください。心当たりがない場合は、ログインページで「パスワードを忘れた場合」を選び、すぐに新しいパスワードを設定し、運営者にご連絡ください。

## Deletion

deletion-scheduled-subject = { $app_name } アカウントは削除されます
deletion-scheduled-open-link = ご依頼のとおり、{ $app_name } アカウントは { $on } に削除されます。すべての場所でログアウトされました。それまでは、次のリンクからアカウントを残すことができます:
deletion-scheduled-go-on = ご依頼のとおり、{ $app_name } アカウントは { $on } に削除されます。すべての場所でログアウトされました。それまでは、アカウントを残すことができます:
deletion-scheduled-button = アカウントを残す
deletion-scheduled-advice = ご本人による依頼であれば、何もする必要はありません。心当たりがない場合は、アカウントを残したうえで、ログインページで「パスワードを忘れた場合」を選び、すぐに新しいパスワードを設定してください。

deletion-reminder-subject = { $app_name } アカウントはまもなく削除されます
deletion-reminder-open-link = ご依頼のとおり、{ $app_name } アカウントは { $on } に削除されます。それまでは、次のリンクからアカウントを残すことができます:
deletion-reminder-go-on = ご依頼のとおり、{ $app_name } アカウントは { $on } に削除されます。それまでは、アカウントを残すことができます:
deletion-reminder-advice = 引き続き削除をご希望の場合は、何もする必要はありません。

deletion-cancelled-subject = { $app_name } アカウントは引き続きご利用いただけます
deletion-cancelled-what = { $app_name } アカウントの削除は取り消されました。アカウントはそのまま残ります。
deletion-cancelled-advice = 心当たりがない場合は、ログインページで「パスワードを忘れた場合」を選び、すぐに新しいパスワードを設定してください。

account-deleted-subject = { $app_name } アカウントは削除されました
account-deleted-what = ご依頼のとおり、{ $app_name } アカウントは削除されました。アカウントに属していたデータは失われ、元に戻すことはできません。

## Exports

export-requested-subject = { $app_name } アカウントのエクスポート
export-requested-what = { $app_name } アカウントに保存されているすべてのデータのコピーが請求されました。ダウンロードできるのは、ログインしていて、直前に本人確認を済ませた方だけです。
export-requested-advice = ご本人による操作であれば、何もする必要はありません。心当たりがない場合は、ログインページで「パスワードを忘れた場合」を選び、すぐに新しいパスワードを設定してください。すべてのログインが終了します。

export-ready-subject = { $app_name } のエクスポートをダウンロードできます
export-ready-what = { $app_name } アカウントに保存されているすべてのデータのコピーが用意できました。ログイン後、{ $within }アカウントからダウンロードしてください:
export-ready-button = アカウントに移動
export-ready-advice = 心当たりがない場合は、ログインページで「パスワードを忘れた場合」を選び、すぐに新しいパスワードを設定してください。

## For the operator

test-subject = { $app_name } からのテストメール
test-what = これはテストです。このメールが届いていれば、{ $app_name } からメールを送信できます。
