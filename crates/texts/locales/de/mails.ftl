## Parts of every mail

mail-hello = Guten Tag,
mail-hello-name = Guten Tag { $name },
mail-when = Zeitpunkt: { $time }
mail-device = Gerät: { $device }
mail-address = IP-Adresse: { $ip }
mail-address-in = IP-Adresse: { $ip } ({ $place })
mail-automatic = Diese Nachricht wurde automatisch verschickt. Antworten darauf werden nicht gelesen.
mail-or-link = Oder öffnen Sie diesen Link:
mail-button-fallback = Falls die Schaltfläche nicht funktioniert, öffnen Sie diese Adresse: { $link }

device-words = { $browser } unter { $system }

within-minutes = { $count ->
    [one] innerhalb von { $count } Minute
   *[other] innerhalb von { $count } Minuten
}
within-hours = { $count ->
    [one] innerhalb von { $count } Stunde
   *[other] innerhalb von { $count } Stunden
}
within-days = { $count ->
    [one] innerhalb von { $count } Tag
   *[other] innerhalb von { $count } Tagen
}

advice-new-one = Wenn Sie das waren, müssen Sie nichts tun. Wenn nicht, wählen Sie auf der Anmeldeseite „Passwort vergessen“ und legen Sie sofort ein neues fest.
advice-new-password = Wenn Sie das waren, müssen Sie nichts tun. Wenn nicht, wählen Sie auf der Anmeldeseite „Passwort vergessen“ und legen Sie sofort ein neues Passwort fest.
advice-unchanged = Wenn Sie das nicht waren, können Sie diese E-Mail ignorieren: An Ihrem Konto hat sich nichts geändert.

undo-open-link = Wenn Sie das waren, müssen Sie nichts tun. Wenn nicht, machen Sie es { $within } mit diesem Link rückgängig:
undo-go-on = Wenn Sie das waren, müssen Sie nichts tun. Wenn nicht, machen Sie es { $within } rückgängig:
undo-button = Das war ich nicht
undo-what = Ihr Konto ist dann wieder, wie es vorher war, Sie sind überall abgemeldet, und niemand kann sich anmelden, bis Sie ein neues Passwort gewählt haben.

## Proofs

verify-email-subject = Bestätigen Sie Ihre E-Mail-Adresse für { $app_name }
verify-email-enter-code = Bitte bestätigen Sie, dass diese E-Mail-Adresse Ihnen gehört. Geben Sie { $within } diesen Code ein:
verify-email-or-click = Oder bestätigen Sie mit einem Klick:
verify-email-button = Meine Adresse bestätigen
verify-email-caution = Tun Sie das nur, wenn Sie sich gerade selbst registriert haben. Wenn Sie das nicht waren, ignorieren Sie diese E-Mail: Ohne Ihre Bestätigung kommt niemand weiter.

confirm-email-change-subject = Bestätigen Sie Ihre neue E-Mail-Adresse für { $app_name }
confirm-email-change-enter-code = Sie möchten diese E-Mail-Adresse für Ihr { $app_name }-Konto verwenden. Geben Sie { $within } diesen Code ein:
confirm-email-change-caution = Wenn Sie das nicht waren, können Sie diese E-Mail ignorieren: Ohne den Code wird Ihre Adresse keinem Konto hinzugefügt.

invitation-subject = Ein Konto für Sie bei { $app_name }
invitation-open-link = Für Sie wurde ein Konto bei { $app_name } angelegt. Um Ihre E-Mail-Adresse zu bestätigen und ein Passwort zu wählen, öffnen Sie { $within } diesen Link:
invitation-go-on = Für Sie wurde ein Konto bei { $app_name } angelegt. Um Ihre E-Mail-Adresse zu bestätigen und ein Passwort zu wählen, fahren Sie { $within } hier fort:
invitation-button = Konto einrichten
invitation-caution = Wenn Sie das nicht erwartet haben, können Sie diese E-Mail ignorieren: Ohne den Link kann niemand das Konto benutzen.

reset-password-subject = Wählen Sie ein neues Passwort für { $app_name }
reset-password-enter-code = Um ein neues Passwort zu wählen, geben Sie { $within } diesen Code ein:
reset-password-or-click = Oder fahren Sie mit einem Klick fort:
reset-password-open-link = Um ein neues Passwort zu wählen, öffnen Sie { $within } diesen Link:
reset-password-go-on = Um ein neues Passwort zu wählen, fahren Sie { $within } hier fort:
reset-password-button = Neues Passwort wählen
reset-password-caution = Wenn Sie das nicht waren, können Sie diese E-Mail ignorieren: Ihr Passwort bleibt, wie es ist.

already-registered-subject = Sie haben bereits ein Konto bei { $app_name }
already-registered-what = Jemand, vielleicht Sie selbst, wollte sich mit dieser E-Mail-Adresse bei { $app_name } registrieren. Sie gehört bereits zu einem Konto, deshalb wurde kein neues angelegt. Melden Sie sich wie gewohnt an; wenn Sie Ihr Passwort vergessen haben, können Sie dort ein neues anfordern.

## Passwords and sign-ins

password-changed-subject = Ihr Passwort für { $app_name } wurde geändert
password-changed-what = Das Passwort Ihres { $app_name }-Kontos wurde geändert. Überall sonst, wo Sie angemeldet waren, wurden Sie abgemeldet.

password-removed-subject = Ihr Passwort für { $app_name } wurde entfernt
password-removed-what = Das Passwort Ihres { $app_name }-Kontos wurde entfernt. Von jetzt an melden Sie sich mit einem Passkey an. Überall sonst, wo Sie angemeldet waren, wurden Sie abgemeldet.

new-sign-in-subject = Neue Anmeldung bei Ihrem { $app_name }-Konto
new-sign-in-what = Jemand, hoffentlich Sie selbst, hat sich bei Ihrem { $app_name }-Konto von einem Gerät oder aus einem Netz angemeldet, das dafür bisher nicht benutzt wurde.
new-sign-in-advice = Wenn Sie das waren, müssen Sie nichts tun. Wenn nicht, wählen Sie auf der Anmeldeseite „Passwort vergessen“ und legen Sie sofort ein neues fest: Das beendet alle Anmeldungen.

change-undone-subject = Eine Änderung an Ihrem { $app_name }-Konto wurde rückgängig gemacht
change-undone-what = Jemand hat in einer E-Mail zu Ihrem { $app_name }-Konto auf „Das war ich nicht“ gedrückt. E-Mail-Adressen, Telefonnummern, Passwort und Faktoren sind wieder, wie sie vor der Änderung waren, um die es in der E-Mail ging, und alle wurden abgemeldet.
change-undone-mailed = Das Konto ist eingefroren, bis ein neues Passwort gewählt ist. Die E-Mail dafür ging an { $masked_email }.
change-undone-without-address = Das Konto ist eingefroren und hat keine E-Mail-Adresse, an die die E-Mail für ein neues Passwort gehen könnte. Bitten Sie den Betreiber von { $app_name } um Hilfe.
change-undone-advice = Wenn das niemand hätte tun sollen, bitten Sie sofort den Betreiber von { $app_name } um Hilfe.

## Addresses and numbers

email-change-requested-subject = Eine neue E-Mail-Adresse für Ihr { $app_name }-Konto?
email-change-requested-what = Jemand, hoffentlich Sie selbst, möchte die E-Mail-Adresse Ihres { $app_name }-Kontos in { $masked_email } ändern. Bis diese Adresse bestätigt ist, bleibt Ihre in Gebrauch.
email-change-requested-cancel = Wenn Sie das waren, müssen Sie hier nichts tun. Wenn nicht, brechen Sie die Änderung { $within } ab:
email-change-requested-cancel-link = Wenn Sie das waren, müssen Sie hier nichts tun. Wenn nicht, brechen Sie die Änderung { $within } mit diesem Link ab:
email-change-requested-button = Änderung abbrechen
email-change-requested-advice = Wählen Sie danach auf der Anmeldeseite „Passwort vergessen“ und legen Sie ein neues Passwort fest: Das meldet alle ab und bricht die Änderung ebenfalls ab.

email-change-cancelled-subject = Die E-Mail-Adresse Ihres { $app_name }-Kontos bleibt
email-change-cancelled-what = Die Änderung der E-Mail-Adresse Ihres { $app_name }-Kontos in { $masked_email } wurde abgebrochen. Ihre bleibt in Gebrauch.
email-change-cancelled-advice = Wenn Sie diese Änderung nicht gewünscht oder nicht abgebrochen haben, wählen Sie auf der Anmeldeseite „Passwort vergessen“ und legen Sie sofort ein neues Passwort fest.

email-changed-subject = Die E-Mail-Adresse Ihres { $app_name }-Kontos wurde geändert
email-changed-what = Die Haupt-E-Mail-Adresse Ihres { $app_name }-Kontos ist jetzt { $masked_email }. Nachrichten zu Ihrem Konto gehen von jetzt an dorthin.
email-changed-advice = Wenn Sie das waren, müssen Sie nichts tun. Wenn nicht, bitten Sie sofort den Betreiber von { $app_name } um Hilfe.

contact-changed-subject = Die Kontaktdaten Ihres { $app_name }-Kontos wurden geändert
contact-changed-what = Die Haupt-E-Mail-Adresse oder die Telefonnummer Ihres { $app_name }-Kontos wurde geändert.

contact-added-subject = Neue Kontaktdaten für Ihr { $app_name }-Konto
contact-added-what = { $masked } wurde Ihrem { $app_name }-Konto hinzugefügt, ist aber noch nicht bestätigt und kann bis dahin für nichts verwendet werden.

contact-verified-subject = Neue Kontaktdaten Ihres { $app_name }-Kontos wurden bestätigt
contact-verified-what = { $masked } wurde bestätigt und gehört jetzt zu Ihrem { $app_name }-Konto.

contact-removed-subject = Kontaktdaten Ihres { $app_name }-Kontos wurden entfernt
contact-removed-what = { $masked } wurde aus Ihrem { $app_name }-Konto entfernt.

contact-claimed-subject = Jemand hat Ihre Kontaktdaten bei { $app_name } angegeben
contact-claimed-what = Jemand, vielleicht Sie selbst, wollte { $masked } einem anderen { $app_name }-Konto hinzufügen. Das gehört zu Ihrem Konto und bleibt dort; es wurde kein Code verschickt.

## Second factors and passkeys

authenticator-added-subject = Ihrem { $app_name }-Konto wurde eine Authenticator-App hinzugefügt
authenticator-added-what = Ihrem { $app_name }-Konto wurde eine Authenticator-App hinzugefügt. Von jetzt an brauchen Sie für die Anmeldung mit Ihrem Passwort auch einen Code dieser App.
authenticator-added-advice = Wenn Sie das waren, müssen Sie nichts tun. Wenn nicht, wählen Sie auf der Anmeldeseite „Passwort vergessen“, legen Sie ein neues Passwort fest und bitten Sie sofort den Betreiber von { $app_name } um Hilfe.

authenticator-removed-subject = Die Authenticator-App Ihres { $app_name }-Kontos wurde entfernt
authenticator-removed-what = Die Authenticator-App Ihres { $app_name }-Kontos wurde entfernt. Ihre Codes werden nicht mehr verlangt und nicht mehr akzeptiert.

sms-factor-added-subject = SMS-Codes für die Anmeldung bei Ihrem { $app_name }-Konto eingerichtet
sms-factor-added-what = { $masked } ist jetzt ein zweiter Faktor Ihres { $app_name }-Kontos. Von jetzt an brauchen Sie für die Anmeldung mit Ihrem Passwort auch einen Code, der per SMS an diese Nummer geht.

sms-factor-removed-subject = SMS-Codes für die Anmeldung bei Ihrem { $app_name }-Konto entfernt
sms-factor-removed-what = { $masked } ist kein zweiter Faktor Ihres { $app_name }-Kontos mehr. Bei der Anmeldung wird kein Code aus einer SMS an diese Nummer mehr verlangt.

backup-codes-made-subject = Neue Backup-Codes für Ihr { $app_name }-Konto
backup-codes-made-what = Für Ihr { $app_name }-Konto wurden neue Backup-Codes erstellt. Frühere werden nicht mehr akzeptiert.

backup-code-used-subject = Ein Backup-Code Ihres { $app_name }-Kontos wurde benutzt
backup-code-used-what = Ein Backup-Code Ihres { $app_name }-Kontos wurde benutzt, um sich anzumelden oder eine Änderung zu bestätigen. Verbleibende Codes: { $left }.
backup-code-used-last = Erstellen Sie neue, damit Sie sich auch ohne Ihren anderen zweiten Faktor anmelden können.

passkey-added-subject = Ihrem { $app_name }-Konto wurde ein Passkey hinzugefügt
passkey-added-what = Ihrem { $app_name }-Konto wurde ein Passkey hinzugefügt. Wer ihn besitzt, kann sich ohne Ihr Passwort anmelden.
passkey-added-advice = Wenn Sie das waren, müssen Sie nichts tun. Wenn nicht, melden Sie sich an, entfernen Sie den Passkey und ändern Sie sofort Ihr Passwort.

passkey-removed-subject = Ein Passkey Ihres { $app_name }-Kontos wurde entfernt
passkey-removed-what = Ein Passkey Ihres { $app_name }-Kontos wurde entfernt. Er kann nicht mehr zur Anmeldung benutzt werden.

application-allowed-subject = Eine Anwendung darf Ihr { $app_name }-Konto benutzen
application-allowed-what = { $application } wurde erlaubt, Ihr { $app_name }-Konto zu benutzen.
application-allowed-advice = Wenn Sie das waren, müssen Sie nichts tun. Wenn nicht, melden Sie sich an, widerrufen Sie es in der Liste der Anwendungen und ändern Sie sofort Ihr Passwort.

factors-reset-subject = Die zweiten Faktoren Ihres { $app_name }-Kontos wurden entfernt
factors-reset-what = Der Betreiber von { $app_name } hat die zweiten Faktoren Ihres Kontos entfernt: die Authenticator-App, die SMS-Codes, die Backup-Codes und die gemerkten Geräte. Sie wurden überall abgemeldet.
factors-reset-what-passkeys = Der Betreiber von { $app_name } hat die zweiten Faktoren Ihres Kontos entfernt: die Authenticator-App, die SMS-Codes, die Backup-Codes, die Passkeys und die gemerkten Geräte. Sie wurden überall abgemeldet.
factors-reset-advice = Wenn Sie darum gebeten haben, melden Sie sich an und richten Sie wieder einen zweiten Faktor ein. Wenn nicht, wählen Sie auf der Anmeldeseite „Passwort vergessen“, legen Sie sofort ein neues Passwort fest und benachrichtigen Sie den Betreiber.

## Deletion

deletion-scheduled-subject = Ihr { $app_name }-Konto wird gelöscht
deletion-scheduled-open-link = Ihr { $app_name }-Konto wird, wie gewünscht, am { $on } gelöscht. Sie wurden überall abgemeldet. Bis dahin können Sie es mit diesem Link behalten:
deletion-scheduled-go-on = Ihr { $app_name }-Konto wird, wie gewünscht, am { $on } gelöscht. Sie wurden überall abgemeldet. Bis dahin können Sie es behalten:
deletion-scheduled-button = Mein Konto behalten
deletion-scheduled-advice = Wenn Sie das gewünscht haben, müssen Sie nichts tun. Wenn nicht, behalten Sie das Konto, wählen Sie dann auf der Anmeldeseite „Passwort vergessen“ und legen Sie sofort ein neues fest.

deletion-reminder-subject = Ihr { $app_name }-Konto wird bald gelöscht
deletion-reminder-open-link = Ihr { $app_name }-Konto wird, wie gewünscht, am { $on } gelöscht. Bis dahin können Sie es mit diesem Link behalten:
deletion-reminder-go-on = Ihr { $app_name }-Konto wird, wie gewünscht, am { $on } gelöscht. Bis dahin können Sie es behalten:
deletion-reminder-advice = Wenn Sie die Löschung weiterhin wünschen, müssen Sie nichts tun.

deletion-cancelled-subject = Ihr { $app_name }-Konto bleibt bestehen
deletion-cancelled-what = Die Löschung Ihres { $app_name }-Kontos wurde abgebrochen. Es bleibt, wie es ist.
deletion-cancelled-advice = Wenn Sie das nicht waren, wählen Sie auf der Anmeldeseite „Passwort vergessen“ und legen Sie sofort ein neues Passwort fest.

account-deleted-subject = Ihr { $app_name }-Konto wurde gelöscht
account-deleted-what = Ihr { $app_name }-Konto wurde, wie gewünscht, gelöscht. Alles, was dazu gehörte, ist weg und kann nicht wiederhergestellt werden.

## Exports

export-requested-subject = Ein Export Ihres { $app_name }-Kontos
export-requested-what = Jemand, hoffentlich Sie selbst, hat eine Kopie von allem angefordert, was Ihr { $app_name }-Konto enthält. Nur wer angemeldet ist und gerade erst nachgewiesen hat, wer er ist, kann sie herunterladen.
export-requested-advice = Wenn Sie das waren, müssen Sie nichts tun. Wenn nicht, wählen Sie auf der Anmeldeseite „Passwort vergessen“ und legen Sie sofort ein neues fest: Das beendet alle Anmeldungen.

export-ready-subject = Ihr Export von { $app_name } steht zum Herunterladen bereit
export-ready-what = Die Kopie von allem, was Ihr { $app_name }-Konto enthält, ist fertig. Sie können sie { $within } in Ihrem Konto herunterladen, nachdem Sie sich angemeldet haben:
export-ready-button = Zu meinem Konto
export-ready-advice = Wenn Sie sie nicht angefordert haben, wählen Sie auf der Anmeldeseite „Passwort vergessen“ und legen Sie sofort ein neues fest.

## For the operator

test-subject = Testnachricht von { $app_name }
test-what = Das ist ein Test. Wenn Sie ihn lesen können, kann { $app_name } Ihnen E-Mails schicken.
