page-continue = Weiter zu { $app_name }
page-close = Sie können diese Seite schließen.
page-needs-script = Diese Seite braucht JavaScript. Ohne JavaScript geben Sie den Code aus der E-Mail dort ein, wo Sie ihn angefordert haben.
page-email = E-Mail-Adresse

## What the script shows

page-moment = Einen Moment …
page-failed = Das hat nicht funktioniert.
page-unreachable = Der Server ist nicht erreichbar.
page-too-many = Zu viele Versuche. Bitte warten Sie einige Minuten.
page-without-link = Diese Seite funktioniert nur über den Link in der E-Mail. Bitte öffnen Sie diesen Link noch einmal.
page-link-invalid = Dieser Link ist nicht mehr gültig.

## Another mail

another-mail-what = Sie können eine weitere E-Mail bekommen. Ihr Link bestätigt die Adresse und legt ein neues Passwort fest.
another-mail-button = Weitere E-Mail anfordern
another-mail-done = Wenn es ein Konto mit dieser Adresse gibt, ist eine E-Mail mit einem neuen Link unterwegs.
another-mail-email-malformed = Das ist keine E-Mail-Adresse.

## /verify-email

verify-email-page-title = E-Mail-Adresse bestätigen
verify-email-page-what = Bestätigen Sie, dass dieses Postfach Ihnen gehört und dass Sie die E-Mail angefordert haben.
verify-email-page-button = Adresse bestätigen
verify-email-page-done = Ihre Adresse ist bestätigt.
verify-email-page-already = Ihre Adresse ist bereits bestätigt.
verify-email-page-choose-password = Ihre Adresse ist bestätigt. Wählen Sie jetzt ein Passwort; ein früheres, falls es eines gab, gilt nicht mehr.

## /reset-password

reset-password-page-title = Neues Passwort wählen
reset-password-page-what = Damit enden alle Anmeldungen Ihres Kontos.
reset-password-page-email-hint = Nur für Ihren Passwortmanager. Die Adresse wird nicht gesendet.
reset-password-page-password = Neues Passwort
reset-password-page-password-hint = Mindestens { $min_length } Zeichen. Alle Zeichen sind erlaubt; gut sind einige Wörter, die nichts miteinander zu tun haben. Häufige Passwörter, Ihr Name und Ihre Adresse werden abgelehnt.
reset-password-page-repeat = Noch einmal dasselbe
reset-password-page-show = Passwort anzeigen
reset-password-page-button = Passwort festlegen
reset-password-page-done = Ihr Passwort ist festgelegt. Sie sind überall abgemeldet und können sich jetzt damit anmelden.
reset-password-page-too-short = Mindestens { $min_length } Zeichen.
reset-password-page-too-long = Das ist zu lang.
reset-password-page-too-weak = Dieses Passwort ist leicht zu erraten: Es ist häufig, aus einem Datenleck bekannt oder besteht aus Ihrem Namen, Ihrer Adresse oder einem Muster.
reset-password-page-used-before = Dieses Passwort hatten Sie schon einmal.
reset-password-page-forbidden = Steuerzeichen sind nicht erlaubt.
reset-password-page-differ = Die beiden Passwörter sind verschieden.

## /keep-account

keep-account-page-title = Konto behalten
keep-account-page-what = Die Löschung Ihres Kontos ist vorgemerkt. Drücken Sie auf die Schaltfläche, um das Konto zu behalten.
keep-account-page-button = Mein Konto behalten
keep-account-page-done = Ihr Konto bleibt bestehen. Sie können sich wieder anmelden.

## /cancel-email-change

cancel-email-change-page-title = Änderung Ihrer E-Mail-Adresse abbrechen
cancel-email-change-page-what = Für Ihr Konto wurde eine neue E-Mail-Adresse angefordert. Drücken Sie auf die Schaltfläche, um Ihre bisherige Adresse zu behalten.
cancel-email-change-page-advice = Wenn Sie die Änderung nicht gewünscht haben, wählen Sie außerdem auf der Anmeldeseite „Passwort vergessen“ und legen Sie ein neues Passwort fest.
cancel-email-change-page-button = Änderung abbrechen
cancel-email-change-page-done = Die Änderung ist abgebrochen. Ihre E-Mail-Adresse bleibt, wie sie war.

## /undo

undo-page-title = Das war ich nicht
undo-page-what = Drücken Sie auf die Schaltfläche, wenn die Änderung, um die es in der E-Mail geht, nicht von Ihnen ist. Dann:
undo-page-restored = E-Mail-Adressen, Telefonnummern, Passwort, Passkeys, Authenticator-App und Backup-Codes sind wieder, wie sie davor waren. Auch spätere Änderungen werden rückgängig gemacht. Eine Adresse, die damals neu war, muss erneut bestätigt werden.
undo-page-signed-out = Alle werden überall abgemeldet, und eine vorgemerkte Löschung des Kontos wird abgebrochen.
undo-page-frozen = Das Konto ist eingefroren, bis Sie ein neues Passwort wählen. Die E-Mail dafür geht an die Haupt-E-Mail-Adresse.
undo-page-changed = Die Änderung wurde zu dieser Zeit vorgenommen:
undo-page-caution = Das lässt sich nicht rückgängig machen. Wenn Sie das waren, schließen Sie diese Seite.
undo-page-button = Rückgängig und einfrieren
undo-page-done = Die Änderung ist rückgängig gemacht, und Ihr Konto ist eingefroren, bis Sie ein neues Passwort gewählt haben.
undo-page-mailed = Die E-Mail dafür ging an diese Adresse:
undo-page-without-address = Die Änderung ist rückgängig gemacht, und Ihr Konto ist eingefroren. Seine E-Mail-Adresse gehört jetzt zu einem anderen Konto: Bitten Sie den Betreiber von { $app_name } um Hilfe.

undo-effect-contact-restored = { $value } gehört wieder zum Konto.
undo-effect-contact-removed = { $value } wird aus dem Konto entfernt.
undo-effect-contact-unproven = { $value } muss erneut bestätigt werden.
undo-effect-primary-email = { $value } ist wieder die Haupt-E-Mail-Adresse.
undo-effect-primary-phone = { $value } ist wieder die Haupttelefonnummer.
undo-effect-email-change-cancelled = Die Änderung der E-Mail-Adresse zu { $value } wird abgebrochen.
undo-effect-password-restored = Das Passwort von vor der Änderung gilt wieder, bis Sie ein neues wählen.
undo-effect-password-removed = Das gesetzte Passwort wird entfernt.
undo-effect-totp-restored = Die Authenticator-App von vor der Änderung ist wieder eingerichtet.
undo-effect-totp-removed = Die Authenticator-App wird entfernt.
undo-effect-sms-restored = SMS an { $value } sind wieder ein zweiter Faktor.
undo-effect-sms-removed = SMS an { $value } sind kein zweiter Faktor mehr.
undo-effect-passkey-restored = Der Passkey { $value } ist wieder registriert.
undo-effect-passkey-removed = Der Passkey { $value } wird entfernt.
undo-effect-backup-codes-restored = Backup-Codes, die wieder gelten: { $value }
undo-effect-backup-codes-removed = Alle Backup-Codes werden ungültig.
undo-effect-policy-enforced = Ein zweiter Faktor ist wieder erforderlich.
undo-effect-policy-none = Ein zweiter Faktor ist nicht mehr erforderlich.
undo-effect-application-withdrawn = { $value } darf nichts mehr.
undo-effect-deletion-cancelled = Die vorgemerkte Löschung des Kontos wird abgebrochen.
undo-effect-unchanged = Adressen, Nummern, Passwort und Faktoren sind so wie vor der Änderung.
undo-effect-sign-ins-ended = Anmeldungen, die enden: { $value }
undo-effect-reset-mailed = Die E-Mail für ein neues Passwort geht an { $value }.
undo-effect-reset-not-mailed = Es kann keine E-Mail für ein neues Passwort gesendet werden, weil keine bestätigte E-Mail-Adresse bleibt.

## /oauth/authorize: sign-in

oauth-sign-in-title = Anmelden
oauth-sign-in-what = Melden Sie sich an, um zu { $application } weiterzugehen.
oauth-sign-in-identifier = E-Mail-Adresse oder Benutzername
oauth-sign-in-password = Passwort
oauth-sign-in-button = Anmelden
oauth-passkey-button = Mit einem Passkey anmelden
oauth-sign-in-cancel = Abbrechen und zu { $application } zurückkehren

## /oauth/authorize: second step

oauth-second-step-title = Bestätigen Sie, dass Sie es sind
oauth-second-step-email = Eine E-Mail mit einem Code ist unterwegs an { $address }.
oauth-second-step-sms = Eine SMS mit einem Code ist unterwegs an { $address }. Sie können auch einen Ihrer Backup-Codes eingeben.
oauth-second-step-backup-code = Zurzeit werden keine SMS verschickt. Geben Sie einen Ihrer Backup-Codes ein.
oauth-second-step-passkey = Ihr Konto verlangt einen Passkey. Sie können auch einen Ihrer Backup-Codes eingeben.
oauth-second-step-otp = Geben Sie den Code ein, den Ihre Authenticator-App anzeigt, oder einen Ihrer Backup-Codes.
oauth-second-step-code = Code
oauth-second-step-button = Weiter
oauth-second-step-again = Noch einmal anmelden

## /oauth/authorize: why a form is shown again

oauth-failure-stale = Diese Seite war zu lange geöffnet. Versuchen Sie es noch einmal.
oauth-failure-credentials = E-Mail-Adresse, Benutzername oder Passwort ist falsch.
oauth-failure-disabled = Dieses Konto ist gesperrt.
oauth-failure-frozen = Dieses Konto ist eingefroren, bis Sie ein neues Passwort wählen. Die E-Mail dafür ging an Ihre primäre Adresse.
oauth-failure-code = Dieser Code ist falsch oder wurde schon benutzt.
oauth-failure-expired-code = Dieser Code ist abgelaufen.
oauth-failure-passkey = Dieser Passkey wurde nicht akzeptiert.

## /oauth/authorize: consent

oauth-consent-title = { $application } erlauben?
oauth-consent-what = Sie sind als { $user } angemeldet. Wenn Sie es erlauben, darf { $application }:
oauth-consent-returns = Danach kehren Sie zu { $address } zurück. Sie können das jederzeit in Ihrem Konto widerrufen.
oauth-consent-allow-button = Erlauben
oauth-consent-deny-button = Nicht erlauben
oauth-consent-again = Ein anderes Konto verwenden

oauth-scope-openid = erfahren, wer Sie sind
oauth-scope-profile = Ihren Namen, Ihr Bild, Ihre Sprache und Ihre Zeitzone sehen
oauth-scope-email = Ihre E-Mail-Adresse sehen
oauth-scope-phone = Ihre Telefonnummer sehen
oauth-scope-offline-access = den Zugriff behalten, während Sie abwesend sind
oauth-scope-profile-read = Ihr gesamtes Profil lesen
oauth-scope-profile-write = Ihr Profil lesen und ändern
oauth-scope-security-read = Ihre Anmeldungen, Geräte und Anmeldemöglichkeiten sehen
oauth-scope-security-write = Ihr Passwort, Ihre Adressen, Faktoren und Anmeldungen ändern und Ihr Konto löschen

## /oauth/logout

oauth-sign-out-title = Abmelden
oauth-sign-out-question = Abmelden?
oauth-sign-out-what = Eine Anwendung möchte Ihre Anmeldungen in diesem Browser beenden.
oauth-sign-out-button = Abmelden
oauth-signed-out-title = Abgemeldet
oauth-signed-out-what = Sie sind in diesem Browser abgemeldet. Sie können diese Seite schließen.

## /oauth/authorize and /oauth/logout: a request of an application that is not known

oauth-error-title = Das hat nicht funktioniert
oauth-error-what = Kehren Sie zur Anwendung zurück und versuchen Sie es noch einmal. Wenn das wieder geschieht, wenden Sie sich an ihren Betreiber.
oauth-error-repeated = Die Anfrage nennt ihre Anwendung oder ihre Adresse zweimal.
oauth-error-unknown-application = Diese Anwendung ist hier nicht registriert.
oauth-error-foreign-address = Die Adresse für die Rückkehr gehört nicht zu dieser Anwendung.
oauth-error-busy = Der Dienst ist im Moment ausgelastet.
oauth-error-server = Bei uns ist etwas schiefgegangen.

## An address that is none

not-found-page-title = Nicht gefunden
not-found-page-what = Unter dieser Adresse gibt es keine Seite.
