## Parts of every mail

mail-hello = Hallo,
mail-hello-name = Hallo { $name },
mail-when = Wanneer: { $time }
mail-device = Apparaat: { $device }
mail-address = IP-adres: { $ip }
mail-address-in = IP-adres: { $ip } ({ $place })
mail-automatic = Automatisch verzonden. Antwoorden op deze e-mail worden niet gelezen.
mail-or-link = Of open deze link:
mail-button-fallback = Als de knop niet werkt, open dan dit adres: { $link }

device-words = { $browser } op { $system }

within-minutes = { $count ->
    [one] binnen { $count } minuut
   *[other] binnen { $count } minuten
}
within-hours = { $count ->
    [one] binnen { $count } uur
   *[other] binnen { $count } uur
}
within-days = { $count ->
    [one] binnen { $count } dag
   *[other] binnen { $count } dagen
}

advice-new-one = Was jij dit, dan hoef je niets te doen. Zo niet, kies dan op de inlogpagina “wachtwoord vergeten” en stel meteen een nieuw in.
advice-new-password = Was jij dit, dan hoef je niets te doen. Zo niet, kies dan op de inlogpagina “wachtwoord vergeten” en stel meteen een nieuw wachtwoord in.
advice-unchanged = Was jij dit niet, dan kun je deze e-mail negeren: je account is niet veranderd.

undo-open-link = Was jij dit, dan hoef je niets te doen. Zo niet, maak het dan { $within } ongedaan met deze link:
undo-go-on = Was jij dit, dan hoef je niets te doen. Zo niet, maak het dan { $within } ongedaan:
undo-button = Dit was ik niet
undo-what = Je account is dan weer zoals het was, je bent overal uitgelogd, en niemand kan inloggen totdat je een nieuw wachtwoord hebt gekozen.

## Proofs

verify-email-subject = Bevestig je e-mailadres voor { $app_name }
verify-email-enter-code = Bevestig dat dit e-mailadres van jou is. Voer { $within } deze code in:
verify-email-or-click = Of bevestig met één klik:
verify-email-button = Mijn adres bevestigen
verify-email-caution = Doe dit alleen als je je net zelf hebt geregistreerd. Was jij dit niet, negeer dan deze e-mail: zonder deze e-mail komt niemand verder.

confirm-email-change-subject = Bevestig je nieuwe e-mailadres voor { $app_name }
confirm-email-change-enter-code = Je wilt dit e-mailadres gebruiken voor je account bij { $app_name }. Voer { $within } deze code in:
confirm-email-change-caution = Was jij dit niet, dan kun je deze e-mail negeren: zonder de code wordt je adres aan geen enkel account toegevoegd.

invitation-subject = Een account voor jou bij { $app_name }
invitation-open-link = Er is een account voor je gemaakt bij { $app_name }. Open { $within } deze link om je e-mailadres te bevestigen en een wachtwoord te kiezen:
invitation-go-on = Er is een account voor je gemaakt bij { $app_name }. Ga { $within } verder om je e-mailadres te bevestigen en een wachtwoord te kiezen:
invitation-button = Je account instellen
invitation-caution = Verwachtte je deze e-mail niet, dan kun je hem negeren: zonder de link kan niemand het account gebruiken.

reset-password-subject = Kies een nieuw wachtwoord voor { $app_name }
reset-password-enter-code = Voer { $within } deze code in om een nieuw wachtwoord te kiezen:
reset-password-or-click = Of ga verder met één klik:
reset-password-open-link = Open { $within } deze link om een nieuw wachtwoord te kiezen:
reset-password-go-on = Ga { $within } verder om een nieuw wachtwoord te kiezen:
reset-password-button = Nieuw wachtwoord kiezen
reset-password-caution = Was jij dit niet, dan kun je deze e-mail negeren: je wachtwoord blijft zoals het is.

already-registered-subject = Je hebt al een account bij { $app_name }
already-registered-what = Iemand, misschien jij, heeft geprobeerd zich met dit e-mailadres bij { $app_name } te registreren. Het hoort al bij een account, dus er is geen nieuw account gemaakt. Log in zoals altijd; ben je je wachtwoord vergeten, vraag daar dan een nieuw aan.

## Passwords and sign-ins

password-changed-subject = Je wachtwoord voor { $app_name } is gewijzigd
password-changed-what = Het wachtwoord van je account bij { $app_name } is gewijzigd. Overal elders waar je was ingelogd, ben je uitgelogd.

password-removed-subject = Je wachtwoord voor { $app_name } is verwijderd
password-removed-what = Het wachtwoord van je account bij { $app_name } is verwijderd. Voortaan log je in met een passkey. Overal elders waar je was ingelogd, ben je uitgelogd.

new-sign-in-subject = Nieuwe aanmelding bij je account bij { $app_name }
new-sign-in-what = Iemand, hopelijk jij, heeft ingelogd op je account bij { $app_name } vanaf een apparaat of netwerk dat daar nog niet eerder voor is gebruikt.
new-sign-in-advice = Was jij dit, dan hoef je niets te doen. Zo niet, kies dan op de inlogpagina “wachtwoord vergeten” en stel meteen een nieuw in: dat beëindigt alle aanmeldingen.

change-undone-subject = Een wijziging van je account bij { $app_name } is ongedaan gemaakt
change-undone-what = Iemand heeft op “Dit was ik niet” gedrukt in een e-mail over je account bij { $app_name }. E-mailadressen, telefoonnummers, wachtwoord en factoren zijn weer zoals vóór de wijziging waar de e-mail over ging, en iedereen is uitgelogd.
change-undone-mailed = Het account is bevroren totdat er een nieuw wachtwoord is gekozen. De e-mail daarvoor ging naar { $masked_email }.
change-undone-without-address = Het account is bevroren en heeft geen e-mailadres dat de e-mail voor een nieuw wachtwoord kan krijgen. Vraag de beheerders van { $app_name } om hulp.
change-undone-advice = Had niemand dit mogen doen, vraag dan meteen de beheerders van { $app_name } om hulp.

## Addresses and numbers

email-change-requested-subject = Een nieuw e-mailadres voor je account bij { $app_name }?
email-change-requested-what = Iemand, hopelijk jij, heeft gevraagd het e-mailadres van je account bij { $app_name } te wijzigen in { $masked_email }. Totdat dat adres is bevestigd, blijft het jouwe in gebruik.
email-change-requested-cancel = Was jij dit, dan hoef je hier niets te doen. Zo niet, annuleer de wijziging dan { $within }:
email-change-requested-cancel-link = Was jij dit, dan hoef je hier niets te doen. Zo niet, annuleer de wijziging dan { $within } met deze link:
email-change-requested-button = Wijziging annuleren
email-change-requested-advice = Kies daarna op de inlogpagina “wachtwoord vergeten” en stel een nieuw wachtwoord in: dat logt iedereen uit en annuleert ook de wijziging.

email-change-cancelled-subject = Het e-mailadres van je account bij { $app_name } blijft hetzelfde
email-change-cancelled-what = De wijziging van het e-mailadres van je account bij { $app_name } in { $masked_email } is geannuleerd. Het jouwe blijft in gebruik.
email-change-cancelled-advice = Heb je niet om die wijziging gevraagd, of heb je die niet geannuleerd, kies dan op de inlogpagina “wachtwoord vergeten” en stel meteen een nieuw wachtwoord in.

email-changed-subject = Het e-mailadres van je account bij { $app_name } is gewijzigd
email-changed-what = Het primaire e-mailadres van je account bij { $app_name } is nu { $masked_email }. E-mail over je account gaat voortaan daarheen.
email-changed-advice = Was jij dit, dan hoef je niets te doen. Zo niet, vraag dan meteen de beheerders van { $app_name } om hulp.

contact-changed-subject = De contactgegevens van je account bij { $app_name } zijn gewijzigd
contact-changed-what = Het primaire e-mailadres of het telefoonnummer van je account bij { $app_name } is gewijzigd.

contact-added-subject = Nieuwe contactgegevens voor je account bij { $app_name }
contact-added-what = { $masked } is toegevoegd aan je account bij { $app_name }. Het is nog niet bevestigd en kan tot die tijd nergens voor worden gebruikt.

contact-verified-subject = Nieuwe contactgegevens van je account bij { $app_name } bevestigd
contact-verified-what = { $masked } is bevestigd en hoort nu bij je account bij { $app_name }.

contact-removed-subject = Contactgegevens van je account bij { $app_name } verwijderd
contact-removed-what = { $masked } is verwijderd uit je account bij { $app_name }.

contact-claimed-subject = Iemand heeft jouw contactgegevens gebruikt bij { $app_name }
contact-claimed-what = Iemand, misschien jij, heeft geprobeerd { $masked } toe te voegen aan een ander account bij { $app_name }. Het hoort bij jouw account en blijft daar; er is geen code verzonden.

## Second factors and passkeys

authenticator-added-subject = Authenticator-app toegevoegd aan je account bij { $app_name }
authenticator-added-what = Er is een authenticator-app toegevoegd aan je account bij { $app_name }. Om met je wachtwoord in te loggen is voortaan ook een code van die app nodig.
authenticator-added-advice = Was jij dit, dan hoef je niets te doen. Zo niet, kies dan op de inlogpagina “wachtwoord vergeten”, stel een nieuw wachtwoord in en vraag meteen de beheerders van { $app_name } om hulp.

authenticator-removed-subject = Authenticator-app van je account bij { $app_name } verwijderd
authenticator-removed-what = De authenticator-app van je account bij { $app_name } is verwijderd. De codes ervan worden niet meer gevraagd en niet meer geaccepteerd.

sms-factor-added-subject = Sms-codes toegevoegd aan het inloggen bij { $app_name }
sms-factor-added-what = { $masked } is nu een tweede factor van je account bij { $app_name }. Om met je wachtwoord in te loggen is voortaan ook een code nodig uit een sms naar dat nummer.

sms-factor-removed-subject = Sms-codes verwijderd van het inloggen bij { $app_name }
sms-factor-removed-what = { $masked } is geen tweede factor meer van je account bij { $app_name }. Bij het inloggen wordt geen code uit een sms naar dat nummer meer gevraagd.

backup-codes-made-subject = Nieuwe back-upcodes voor je account bij { $app_name }
backup-codes-made-what = Er zijn nieuwe back-upcodes gemaakt voor je account bij { $app_name }. Eerdere codes worden niet meer geaccepteerd.

backup-code-used-subject = Een back-upcode van je account bij { $app_name } is gebruikt
backup-code-used-what = Een back-upcode van je account bij { $app_name } is gebruikt om in te loggen of een wijziging te bevestigen. Resterende codes: { $left }.
backup-code-used-last = Maak nieuwe, zodat je ook zonder je andere tweede factor kunt inloggen.

passkey-added-subject = Een passkey is toegevoegd aan je account bij { $app_name }
passkey-added-what = Er is een passkey toegevoegd aan je account bij { $app_name }. Wie hem bezit, kan zonder je wachtwoord inloggen.
passkey-added-advice = Was jij dit, dan hoef je niets te doen. Zo niet, log dan in, verwijder de passkey en wijzig meteen je wachtwoord.

passkey-removed-subject = Een passkey is verwijderd uit je account bij { $app_name }
passkey-removed-what = Er is een passkey verwijderd uit je account bij { $app_name }. Hij kan niet meer worden gebruikt om in te loggen.

application-allowed-subject = Een applicatie mag je account bij { $app_name } gebruiken
application-allowed-what = { $application } heeft toestemming gekregen om je account bij { $app_name } te gebruiken.
application-allowed-advice = Was jij dit, dan hoef je niets te doen. Zo niet, log dan in, trek de toestemming in bij de applicaties en wijzig meteen je wachtwoord.

factors-reset-subject = De tweede factoren van je account bij { $app_name } zijn verwijderd
factors-reset-what = De beheerder van { $app_name } heeft de tweede factoren van je account verwijderd: de authenticator-app, de sms-codes, de back-upcodes en de onthouden apparaten. Je bent overal uitgelogd.
factors-reset-what-passkeys = De beheerder van { $app_name } heeft de tweede factoren van je account verwijderd: de authenticator-app, de sms-codes, de back-upcodes, de passkeys en de onthouden apparaten. Je bent overal uitgelogd.
factors-reset-advice = Heb je hier zelf om gevraagd, log dan in en voeg weer een tweede factor toe. Zo niet, kies dan op de inlogpagina “wachtwoord vergeten”, stel meteen een nieuw wachtwoord in en waarschuw de beheerder.

## Deletion

deletion-scheduled-subject = Je account bij { $app_name } wordt verwijderd
deletion-scheduled-open-link = Je account bij { $app_name } wordt op { $on } verwijderd, zoals gevraagd. Je bent overal uitgelogd. Tot die tijd kun je het behouden met deze link:
deletion-scheduled-go-on = Je account bij { $app_name } wordt op { $on } verwijderd, zoals gevraagd. Je bent overal uitgelogd. Tot die tijd kun je het behouden:
deletion-scheduled-button = Mijn account behouden
deletion-scheduled-advice = Heb je dit zelf gevraagd, dan hoef je niets te doen. Was jij dit niet, behoud dan het account, kies daarna op de inlogpagina “wachtwoord vergeten” en stel meteen een nieuw in.

deletion-reminder-subject = Je account bij { $app_name } wordt binnenkort verwijderd
deletion-reminder-open-link = Je account bij { $app_name } wordt op { $on } verwijderd, zoals gevraagd. Tot die tijd kun je het behouden met deze link:
deletion-reminder-go-on = Je account bij { $app_name } wordt op { $on } verwijderd, zoals gevraagd. Tot die tijd kun je het behouden:
deletion-reminder-advice = Wil je nog steeds dat het wordt verwijderd, dan hoef je niets te doen.

deletion-cancelled-subject = Je account bij { $app_name } blijft bestaan
deletion-cancelled-what = De verwijdering van je account bij { $app_name } is geannuleerd. Het blijft zoals het is.
deletion-cancelled-advice = Was jij dit niet, kies dan op de inlogpagina “wachtwoord vergeten” en stel meteen een nieuw wachtwoord in.

account-deleted-subject = Je account bij { $app_name } is verwijderd
account-deleted-what = Je account bij { $app_name } is verwijderd, zoals gevraagd. Alles wat erbij hoorde is weg en kan niet worden hersteld.

## Exports

export-requested-subject = Een export van je account bij { $app_name }
export-requested-what = Iemand, hopelijk jij, heeft gevraagd om een kopie van alles wat je account bij { $app_name } bevat. Alleen wie is ingelogd en net heeft bewezen wie hij is, kan die downloaden.
export-requested-advice = Was jij dit, dan hoef je niets te doen. Zo niet, kies dan op de inlogpagina “wachtwoord vergeten” en stel meteen een nieuw in: dat beëindigt alle aanmeldingen.

export-ready-subject = Je export van { $app_name } kan worden gedownload
export-ready-what = De kopie van alles wat je account bij { $app_name } bevat, is klaar. Je kunt die { $within } vanuit je account downloaden, nadat je hebt ingelogd:
export-ready-button = Naar mijn account
export-ready-advice = Heb je er niet om gevraagd, kies dan op de inlogpagina “wachtwoord vergeten” en stel meteen een nieuw in.

## For the operator

test-subject = Test-e-mail van { $app_name }
test-what = Dit is een test. Als je dit kunt lezen, kan { $app_name } je e-mail sturen.
