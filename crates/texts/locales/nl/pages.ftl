page-continue = Verder naar { $app_name }
page-close = Je kunt deze pagina sluiten.
page-needs-script = Deze pagina heeft JavaScript nodig. Voer anders de code uit de e-mail in waar je erom hebt gevraagd.
page-email = E-mailadres

## What the script shows

page-moment = Een ogenblik…
page-failed = Dat is niet gelukt.
page-unreachable = De server is niet bereikbaar.
page-too-many = Te veel pogingen. Wacht een paar minuten.
page-without-link = Deze pagina werkt alleen via de link in de e-mail. Open die link opnieuw.
page-link-invalid = Deze link is niet meer geldig.

## Another mail

another-mail-what = Je kunt nog een e-mail krijgen. De link daarin bevestigt het adres en stelt een nieuw wachtwoord in.
another-mail-button = Nog een e-mail sturen
another-mail-done = Als er een account met dit adres is, is er een e-mail met een nieuwe link onderweg.
another-mail-email-malformed = Dit is geen e-mailadres.

## /verify-email

verify-email-page-title = Bevestig je e-mailadres
verify-email-page-what = Bevestig dat deze mailbox van jou is en dat je om de e-mail hebt gevraagd.
verify-email-page-button = Adres bevestigen
verify-email-page-done = Je adres is bevestigd.
verify-email-page-already = Je adres is al bevestigd.
verify-email-page-choose-password = Je adres is bevestigd. Kies nu een wachtwoord; een eerder wachtwoord, als dat er was, geldt niet meer.

## /reset-password

reset-password-page-title = Kies een nieuw wachtwoord
reset-password-page-what = Dit beëindigt alle aanmeldingen van je account.
reset-password-page-email-hint = Alleen voor je wachtwoordbeheerder. Het wordt niet verzonden.
reset-password-page-password = Nieuw wachtwoord
reset-password-page-password-hint = Minstens { $min_length } tekens. Alle tekens zijn goed; een paar woorden die niets met elkaar te maken hebben zijn een goede keuze. Veelgebruikte wachtwoorden, je naam en je adres worden geweigerd.
reset-password-page-repeat = Nog een keer hetzelfde
reset-password-page-show = Wachtwoord tonen
reset-password-page-button = Wachtwoord instellen
reset-password-page-done = Je wachtwoord is ingesteld. Je bent overal uitgelogd en kunt er nu mee inloggen.
reset-password-page-too-short = Minstens { $min_length } tekens.
reset-password-page-too-long = Dat is te lang.
reset-password-page-too-weak = Dit wachtwoord is makkelijk te raden: het is veelgebruikt, bekend uit een datalek, of bestaat uit je naam, je adres of een patroon.
reset-password-page-used-before = Dit wachtwoord had je al eerder.
reset-password-page-forbidden = Stuurtekens zijn niet toegestaan.
reset-password-page-differ = De twee wachtwoorden verschillen.

## /keep-account

keep-account-page-title = Behoud je account
keep-account-page-what = De verwijdering van je account is gepland. Druk op de knop om het account te behouden.
keep-account-page-button = Mijn account behouden
keep-account-page-done = Je account blijft bestaan. Je kunt weer inloggen.

## /cancel-email-change

cancel-email-change-page-title = Annuleer de wijziging van je e-mailadres
cancel-email-change-page-what = Er is een nieuw e-mailadres aangevraagd voor je account. Druk op de knop om het adres te behouden dat je hebt.
cancel-email-change-page-advice = Heb je niet om de wijziging gevraagd, kies dan ook op de inlogpagina “wachtwoord vergeten” en stel een nieuw wachtwoord in.
cancel-email-change-page-button = Wijziging annuleren
cancel-email-change-page-done = De wijziging is geannuleerd. Je e-mailadres blijft zoals het was.

## /undo

undo-page-title = Dit was ik niet
undo-page-what = Druk op de knop als de wijziging waar de e-mail over gaat niet van jou is. Dan:
undo-page-restored = E-mailadressen, telefoonnummers, wachtwoord, passkeys, authenticator-app en back-upcodes zijn weer zoals ze daarvoor waren. Latere wijzigingen worden ook ongedaan gemaakt. Een adres dat toen nieuw was, moet opnieuw worden bevestigd.
undo-page-signed-out = Iedereen wordt overal uitgelogd, en een geplande verwijdering van het account gaat niet door.
undo-page-frozen = Het account is bevroren totdat je een nieuw wachtwoord kiest. De e-mail daarvoor gaat naar het hoofdadres.
undo-page-caution = Dit kan niet ongedaan worden gemaakt. Was jij het, sluit dan deze pagina.
undo-page-button = De wijziging ongedaan maken en het account bevriezen
undo-page-done = De wijziging is ongedaan gemaakt, en je account is bevroren totdat je een nieuw wachtwoord hebt gekozen.
undo-page-mailed = De e-mail daarvoor ging naar dit adres:
undo-page-without-address = De wijziging is ongedaan gemaakt, en je account is bevroren. Het e-mailadres hoort nu bij een ander account: vraag de beheerders van { $app_name } om hulp.

## An address that is none

not-found-page-title = Niet gevonden
not-found-page-what = Er is geen pagina op dit adres.
