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
undo-page-caution = Das lässt sich nicht rückgängig machen. Wenn Sie das waren, schließen Sie diese Seite.
undo-page-button = Änderung rückgängig machen und Konto einfrieren
undo-page-done = Die Änderung ist rückgängig gemacht, und Ihr Konto ist eingefroren, bis Sie ein neues Passwort gewählt haben.
undo-page-mailed = Die E-Mail dafür ging an diese Adresse:
undo-page-without-address = Die Änderung ist rückgängig gemacht, und Ihr Konto ist eingefroren. Seine E-Mail-Adresse gehört jetzt zu einem anderen Konto: Bitten Sie den Betreiber von { $app_name } um Hilfe.

## An address that is none

not-found-page-title = Nicht gefunden
not-found-page-what = Unter dieser Adresse gibt es keine Seite.
