# Mails. A line is a sentence or a paragraph; a mail is one or more of them, in the order of its template.
# $app_name is the name of the service. In English, quotation marks become straight ones in plain text.
# Not allowed: < > & and straight quotation marks, because texts are parts of HTML.

## Parts of every mail

mail-hello = Hello,
mail-hello-name = Hello { $name },
mail-when = When: { $time }
mail-device = Device: { $device }
mail-address = IP address: { $ip }
# $place is a town and a country.
mail-address-in = IP address: { $ip } ({ $place })
mail-automatic = Sent automatically. Replies to this mail are not read.
mail-or-link = Or open this link:
mail-button-fallback = If the button does not work, open this address: { $link }

# A browser on an operating system: Firefox on Linux.
device-words = { $browser } on { $system }

# Parts of sentences, as $within.
within-minutes = { $count ->
    [one] within { $count } minute
   *[other] within { $count } minutes
}
within-hours = { $count ->
    [one] within { $count } hour
   *[other] within { $count } hours
}
within-days = { $count ->
    [one] within { $count } day
   *[other] within { $count } days
}

# What to do about a change that was not one's own.
advice-new-one = If this was you, there is nothing to do. If it wasn't, choose “forgot password” on the sign-in page and set a new one at once.
advice-new-password = If this was you, there is nothing to do. If it wasn't, choose “forgot password” on the sign-in page and set a new password at once.
advice-unchanged = If this wasn't you, you can ignore this mail: your account has not changed.

# The link of a notice, in place of its advice.
undo-open-link = If this was you, there is nothing to do. If it wasn't, undo it with this link { $within }:
undo-go-on = If this was you, there is nothing to do. If it wasn't, undo it { $within }:
undo-button = This was not me
undo-what = Your account is then as it was before, you are signed out everywhere, and nobody can sign in until you have chosen a new password.

## Proofs

verify-email-subject = Confirm your e-mail address for { $app_name }
verify-email-enter-code = Please confirm that this e-mail address is yours. Enter this code { $within }:
verify-email-or-click = Or confirm with one click:
verify-email-button = Confirm my address
verify-email-caution = Do this only if you have just signed up yourself. If it wasn't you, ignore this mail: whoever it was gets nowhere without it.

confirm-email-change-subject = Confirm your new e-mail address for { $app_name }
confirm-email-change-enter-code = You asked to use this e-mail address for your { $app_name } account. Enter this code { $within }:
confirm-email-change-caution = If this wasn't you, you can ignore this mail: without the code your address is not added to any account.

invitation-subject = An account for you at { $app_name }
invitation-open-link = An account at { $app_name } was made for you. To confirm your e-mail address and choose a password, open this link { $within }:
invitation-go-on = An account at { $app_name } was made for you. To confirm your e-mail address and choose a password, go on { $within }:
invitation-button = Set up your account
invitation-caution = If you did not expect this, you can ignore this mail: without the link nobody can use the account.

reset-password-subject = Choose a new password for { $app_name }
reset-password-enter-code = To choose a new password, enter this code { $within }:
reset-password-or-click = Or go on with one click:
reset-password-open-link = To choose a new password, open this link { $within }:
reset-password-go-on = To choose a new password, go on { $within }:
reset-password-button = Choose a new password
reset-password-caution = If this wasn't you, you can ignore this mail: your password stays as it is.

already-registered-subject = You already have an account at { $app_name }
already-registered-what = Somebody, perhaps you, tried to sign up for { $app_name } with this e-mail address. It belongs to an account already, so no new one was made. Sign in as usual; if you forgot your password, ask for a new one there.

## Passwords and sign-ins

password-changed-subject = Your { $app_name } password was changed
password-changed-what = The password of your { $app_name } account was changed. Everywhere else you were signed in, you have been signed out.

password-removed-subject = Your { $app_name } password was removed
password-removed-what = The password of your { $app_name } account was removed. You sign in with a passkey from now on. Everywhere else you were signed in, you have been signed out.

new-sign-in-subject = A new sign-in to your { $app_name } account
new-sign-in-what = Somebody, hopefully you, signed in to your { $app_name } account from a device or a network that was not used for it before.
new-sign-in-advice = If this was you, there is nothing to do. If it wasn't, choose “forgot password” on the sign-in page and set a new one at once: that ends every sign-in.

change-undone-subject = A change of your { $app_name } account was undone
change-undone-what = Somebody pressed “This was not me” in a mail about your { $app_name } account. Its e-mail addresses, phone numbers, password and factors are again as they were before the change that the mail told of, and everybody was signed out.
change-undone-mailed = The account is frozen until a new password is chosen. The mail for it went to { $masked_email }.
change-undone-without-address = The account is frozen, and has no e-mail address that could get the mail for a new password. Ask the people who run { $app_name } for help.
change-undone-advice = If nobody should have done this, ask the people who run { $app_name } for help at once.

## Addresses and numbers
# $masked is a masked address or number: j***@example.org, +31*******78.

email-change-requested-subject = A new e-mail address for your { $app_name } account?
email-change-requested-what = Somebody, hopefully you, asked to change the e-mail address of your { $app_name } account to { $masked_email }. Until that address is confirmed, yours stays in use.
email-change-requested-cancel = If this was you, there is nothing to do here. If it wasn't, cancel the change { $within }:
email-change-requested-cancel-link = If this was you, there is nothing to do here. If it wasn't, cancel the change { $within } with this link:
email-change-requested-button = Cancel the change
email-change-requested-advice = Then choose “forgot password” on the sign-in page and set a new password: that signs everybody out, and cancels the change too.

email-change-cancelled-subject = The e-mail address of your { $app_name } account stays
email-change-cancelled-what = The change of the e-mail address of your { $app_name } account to { $masked_email } was cancelled. Yours stays in use.
email-change-cancelled-advice = If you did not ask for that change, or did not cancel it, choose “forgot password” on the sign-in page and set a new password at once.

email-changed-subject = The e-mail address of your { $app_name } account was changed
email-changed-what = The primary e-mail address of your { $app_name } account is now { $masked_email }. Mail about your account goes there from now on.
email-changed-advice = If this was you, there is nothing to do. If it wasn't, ask the people who run { $app_name } for help at once.

contact-changed-subject = The contact details of your { $app_name } account were changed
contact-changed-what = The primary e-mail address or the phone number of your { $app_name } account was changed.

contact-added-subject = New contact details for your { $app_name } account
contact-added-what = { $masked } was added to your { $app_name } account. It is not confirmed yet: until it is, it cannot be used for anything.

contact-verified-subject = New contact details of your { $app_name } account were confirmed
contact-verified-what = { $masked } was confirmed and belongs to your { $app_name } account now.

contact-removed-subject = Contact details of your { $app_name } account were removed
contact-removed-what = { $masked } was removed from your { $app_name } account.

contact-claimed-subject = Somebody used your contact details at { $app_name }
contact-claimed-what = Somebody, perhaps you, tried to add { $masked } to another { $app_name } account. It belongs to your account and stays there; no code was sent.

## Second factors and passkeys

authenticator-added-subject = An authenticator app was added to your { $app_name } account
authenticator-added-what = An authenticator app was added to your { $app_name } account. From now on, signing in with your password needs a code of that app too.
authenticator-added-advice = If this was you, there is nothing to do. If it wasn't, choose “forgot password” on the sign-in page, set a new password, and ask the people who run { $app_name } for help at once.

authenticator-removed-subject = The authenticator app of your { $app_name } account was removed
authenticator-removed-what = The authenticator app of your { $app_name } account was removed. Its codes are not asked for and not accepted any more.

sms-factor-added-subject = Text messages were added to the sign-in of your { $app_name } account
sms-factor-added-what = { $masked } is a second factor of your { $app_name } account now. From now on, signing in with your password needs a code in a text message to that number too.

sms-factor-removed-subject = Text messages were removed from the sign-in of your { $app_name } account
sms-factor-removed-what = { $masked } is no second factor of your { $app_name } account any more. Signing in does not ask for a code in a text message to that number.

backup-codes-made-subject = New backup codes for your { $app_name } account
backup-codes-made-what = New backup codes were made for your { $app_name } account. Earlier ones are not accepted any more.

backup-code-used-subject = A backup code of your { $app_name } account was used
backup-code-used-what = A backup code of your { $app_name } account was used to sign in, or to confirm a change. Codes that are left: { $left }.
backup-code-used-last = Make new ones, so that you can sign in without your other second factor.

passkey-added-subject = A passkey was added to your { $app_name } account
passkey-added-what = A passkey was added to your { $app_name } account. Whoever holds it can sign in without your password.
passkey-added-advice = If this was you, there is nothing to do. If it wasn't, sign in, remove the passkey and change your password at once.

passkey-removed-subject = A passkey was removed from your { $app_name } account
passkey-removed-what = A passkey was removed from your { $app_name } account. It can no longer be used to sign in.

application-allowed-subject = An application was allowed to use your { $app_name } account
application-allowed-what = { $application } was allowed to use your { $app_name } account.
application-allowed-advice = If this was you, there is nothing to do. If it wasn't, sign in, withdraw it from the list of applications and change your password at once.

factors-reset-subject = The second factors of your { $app_name } account were removed
factors-reset-what = The operator of { $app_name } removed the second factors of your account: the authenticator app, the text messages, the backup codes and the remembered devices. You have been signed out everywhere.
factors-reset-what-passkeys = The operator of { $app_name } removed the second factors of your account: the authenticator app, the text messages, the backup codes, the passkeys and the remembered devices. You have been signed out everywhere.
factors-reset-advice = If you asked for this, sign in and add a second factor again. If you didn't, choose “forgot password” on the sign-in page, set a new password at once, and tell the operator.

## Deletion

deletion-scheduled-subject = Your { $app_name } account will be deleted
# $on is a date.
deletion-scheduled-open-link = Your { $app_name } account will be deleted on { $on }, as was asked. You have been signed out everywhere. Until then you can keep it with this link:
deletion-scheduled-go-on = Your { $app_name } account will be deleted on { $on }, as was asked. You have been signed out everywhere. Until then you can keep it:
deletion-scheduled-button = Keep my account
deletion-scheduled-advice = If you asked for this, there is nothing to do. If it wasn't you, keep the account, then choose “forgot password” on the sign-in page and set a new one at once.

deletion-reminder-subject = Your { $app_name } account will be deleted soon
# $on is a date.
deletion-reminder-open-link = Your { $app_name } account will be deleted on { $on }, as was asked. Until then you can keep it with this link:
deletion-reminder-go-on = Your { $app_name } account will be deleted on { $on }, as was asked. Until then you can keep it:
deletion-reminder-advice = If you still want it to be deleted, there is nothing to do.

deletion-cancelled-subject = Your { $app_name } account stays
deletion-cancelled-what = The deletion of your { $app_name } account was called off. It stays as it is.
deletion-cancelled-advice = If this wasn't you, choose “forgot password” on the sign-in page and set a new password at once.

account-deleted-subject = Your { $app_name } account was deleted
account-deleted-what = Your { $app_name } account was deleted, as was asked. What belonged to it is gone and cannot be restored.

## Exports

export-requested-subject = An export of your { $app_name } account
export-requested-what = Somebody, hopefully you, asked for a copy of everything that your { $app_name } account holds. It can only be downloaded by somebody who is signed in and has just proven who they are.
export-requested-advice = If this was you, there is nothing to do. If it wasn't, choose “forgot password” on the sign-in page and set a new one at once: that ends every sign-in.

export-ready-subject = Your { $app_name } export can be downloaded
export-ready-what = The copy of everything that your { $app_name } account holds is ready. You can download it from your account { $within }, after you have signed in:
export-ready-button = Go to my account
export-ready-advice = If you did not ask for it, choose “forgot password” on the sign-in page and set a new one at once.

## For the operator

test-subject = Test mail from { $app_name }
test-what = This is a test. If you can read it, { $app_name } can send you mail.
