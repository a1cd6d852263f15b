# The pages of mailed links, and the page of an address that is none.
# -title: heading and title of a page. -button: the button of its form. -done: what is shown after it.

page-continue = Continue to { $app_name }
page-close = You can close this page.
page-needs-script = This page needs JavaScript. Without it, type the code from the mail where you asked for it.
page-email = E-mail address

## What the script shows

page-moment = One moment…
page-failed = That did not work.
page-unreachable = The server could not be reached.
page-too-many = Too many tries. Please wait a few minutes.
page-without-link = This page works from the link in the mail only. Please open that link again.
page-link-invalid = This link is not valid any more.

## Another mail

another-mail-what = You can have another mail. Its link confirms the address and sets a new password.
another-mail-button = Send another mail
another-mail-done = If there is an account with this address, a mail with a new link is on its way.
another-mail-email-malformed = This is not an e-mail address.

## /verify-email

verify-email-page-title = Verify your e-mail address
verify-email-page-what = Confirm that this mailbox is yours and that you asked for the mail.
verify-email-page-button = Verify address
verify-email-page-done = Your address is verified.
verify-email-page-already = Your address is verified already.
verify-email-page-choose-password = Your address is verified. Now choose a password; one from before, if there was one, is void.

## /reset-password

reset-password-page-title = Choose a new password
reset-password-page-what = It ends every sign-in of your account.
reset-password-page-email-hint = Only for your password manager. It is not sent.
reset-password-page-password = New password
reset-password-page-password-hint = At least { $min_length } characters. Any characters will do; a few words that have nothing to do with each other are good. Common passwords, your name and your address are refused.
reset-password-page-repeat = The same again
reset-password-page-show = Show the password
reset-password-page-button = Set password
reset-password-page-done = Your password is set. You are signed out everywhere, and can sign in with it now.
reset-password-page-too-short = At least { $min_length } characters.
reset-password-page-too-long = That is too long.
reset-password-page-too-weak = This password is easy to guess: it is common, known from a leak, or made of your name, your address or a pattern.
reset-password-page-used-before = This is a password that you had before.
reset-password-page-forbidden = Control characters are not allowed.
reset-password-page-differ = The two passwords differ.

## /keep-account

keep-account-page-title = Keep your account
keep-account-page-what = The deletion of your account is scheduled. Press the button to keep the account.
keep-account-page-button = Keep my account
keep-account-page-done = Your account stays. You can sign in again.

## /cancel-email-change

cancel-email-change-page-title = Cancel the change of your e-mail address
cancel-email-change-page-what = A new e-mail address was requested for your account. Press the button to keep the address that you have.
cancel-email-change-page-advice = If you did not ask for the change, also choose “forgot password” on the sign-in page and set a new password.
cancel-email-change-page-button = Cancel the change
cancel-email-change-page-done = The change is cancelled. Your e-mail address stays as it was.

## /undo

undo-page-title = This was not me
undo-page-what = Press the button if you did not make the change that the mail tells of. Then:
undo-page-restored = E-mail addresses, phone numbers, password, passkeys, authenticator app and backup codes are again as they were before it. Later changes are undone too. An address that was new at that time must be confirmed again.
undo-page-signed-out = Everybody is signed out everywhere, and a scheduled deletion of the account is called off.
undo-page-frozen = The account is frozen until you choose a new password. The mail for it goes to the primary address.
undo-page-changed = The change was made at this time:
undo-page-caution = This cannot be undone. If it was you, close this page.
undo-page-button = Undo and freeze the account
undo-page-done = The change is undone, and your account is frozen until you have chosen a new password.
undo-page-mailed = The mail for it went to this address:
undo-page-without-address = The change is undone, and your account is frozen. Its e-mail address belongs to another account now: ask the people who run { $app_name } for help.

# What an undo does, one thing each. $value is an address, a number, the name of a passkey or application, or how many.
undo-effect-contact-restored = { $value } belongs to the account again.
undo-effect-contact-removed = { $value } is removed from the account.
undo-effect-contact-unproven = { $value } must be confirmed again.
undo-effect-primary-email = { $value } is the primary e-mail address again.
undo-effect-primary-phone = { $value } is the primary phone number again.
undo-effect-email-change-cancelled = The change of the e-mail address to { $value } is cancelled.
undo-effect-password-restored = The password from before the change is back until you choose a new one.
undo-effect-password-removed = The password that was set is removed.
undo-effect-totp-restored = The authenticator app from before the change is in use again.
undo-effect-totp-removed = The authenticator app is removed.
undo-effect-sms-restored = Text messages to { $value } are a second factor again.
undo-effect-sms-removed = Text messages to { $value } are no second factor any more.
undo-effect-passkey-restored = The passkey { $value } is registered again.
undo-effect-passkey-removed = The passkey { $value } is removed.
undo-effect-backup-codes-restored = Backup codes that are good again: { $value }
undo-effect-backup-codes-removed = All backup codes are void.
undo-effect-policy-enforced = A second factor is required again.
undo-effect-policy-none = A second factor is not required any more.
undo-effect-application-withdrawn = { $value } is not allowed anything any more.
undo-effect-deletion-cancelled = The scheduled deletion of the account is called off.
undo-effect-unchanged = Addresses, numbers, password and factors are as they were before the change.
undo-effect-sign-ins-ended = Sign-ins that end: { $value }
undo-effect-reset-mailed = The mail for a new password goes to { $value }.
undo-effect-reset-not-mailed = No mail for a new password can be sent, because no confirmed e-mail address is left.

## /oauth/authorize: sign-in

oauth-sign-in-title = Sign in
oauth-sign-in-what = Sign in to go on to { $application }.
oauth-sign-in-identifier = E-mail address or username
oauth-sign-in-password = Password
oauth-sign-in-button = Sign in
oauth-passkey-button = Sign in with a passkey
oauth-sign-in-cancel = Cancel and return to { $application }

## /oauth/authorize: second step

oauth-second-step-title = Confirm that it is you
oauth-second-step-email = A mail with a code is on its way to { $address }.
oauth-second-step-sms = A text message with a code is on its way to { $address }. You can also enter one of your backup codes.
oauth-second-step-backup-code = Text messages are not sent now. Enter one of your backup codes.
oauth-second-step-passkey = Your account asks for a passkey. You can also enter one of your backup codes.
oauth-second-step-otp = Enter the code that your authenticator app shows, or one of your backup codes.
oauth-second-step-code = Code
oauth-second-step-button = Continue
oauth-second-step-again = Sign in again

## /oauth/authorize: why a form is shown again

oauth-failure-stale = This page was open for too long. Try again.
oauth-failure-credentials = Wrong e-mail address, username or password.
oauth-failure-disabled = This account is disabled.
oauth-failure-frozen = This account is frozen until you choose a new password. The mail for it went to your primary address.
oauth-failure-code = This code is not right, or was used before.
oauth-failure-expired-code = This code has expired.
oauth-failure-passkey = This passkey was not accepted.

## /oauth/authorize: consent

oauth-consent-title = Allow { $application }?
oauth-consent-what = You are signed in as { $user }. If you allow it, { $application } may:
oauth-consent-returns = It returns you to { $address }. You can withdraw this at any time in your account.
oauth-consent-allow-button = Allow
oauth-consent-deny-button = Do not allow
oauth-consent-again = Use another account

# What a scope allows, after oauth-consent-what.
oauth-scope-openid = learn who you are
oauth-scope-profile = see your name, picture, language and time zone
oauth-scope-email = see your e-mail address
oauth-scope-phone = see your phone number
oauth-scope-offline-access = keep its access while you are away
oauth-scope-profile-read = read your whole profile
oauth-scope-profile-write = read and change your profile
oauth-scope-security-read = see your sign-ins, devices and ways to sign in
oauth-scope-security-write = change your password, addresses, factors and sign-ins, and delete your account

## /oauth/logout

oauth-sign-out-title = Sign out
oauth-sign-out-question = Sign out?
oauth-sign-out-what = An application asks to end your sign-ins in this browser.
oauth-sign-out-button = Sign out
oauth-signed-out-title = Signed out
oauth-signed-out-what = You are signed out in this browser. You can close this page.

## /oauth/authorize and /oauth/logout: a request of an application that is not known

oauth-error-title = This did not work
oauth-error-what = Return to the application and try again. If this happens again, tell its operator.
oauth-error-repeated = The request names its application or its address twice.
oauth-error-unknown-application = This application is not registered here.
oauth-error-foreign-address = The address to return to is not one of this application.
oauth-error-busy = The service is busy at the moment.
oauth-error-server = Something went wrong on our side.

## An address that is none

not-found-page-title = Not found
not-found-page-what = There is no page at this address.
