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
undo-page-changed = De wijziging is op dit moment gedaan:
undo-page-caution = Dit kan niet ongedaan worden gemaakt. Was jij het, sluit dan deze pagina.
undo-page-button = Ongedaan maken en bevriezen
undo-page-done = De wijziging is ongedaan gemaakt, en je account is bevroren totdat je een nieuw wachtwoord hebt gekozen.
undo-page-mailed = De e-mail daarvoor ging naar dit adres:
undo-page-without-address = De wijziging is ongedaan gemaakt, en je account is bevroren. Het e-mailadres hoort nu bij een ander account: vraag de beheerders van { $app_name } om hulp.

undo-effect-contact-restored = { $value } hoort weer bij het account.
undo-effect-contact-removed = { $value } wordt uit het account verwijderd.
undo-effect-contact-unproven = { $value } moet opnieuw worden bevestigd.
undo-effect-primary-email = { $value } is weer het hoofdadres voor e-mail.
undo-effect-primary-phone = { $value } is weer het hoofdtelefoonnummer.
undo-effect-email-change-cancelled = De wijziging van het e-mailadres in { $value } gaat niet door.
undo-effect-password-restored = Het wachtwoord van voor de wijziging geldt weer totdat je een nieuw kiest.
undo-effect-password-removed = Het ingestelde wachtwoord wordt verwijderd.
undo-effect-totp-restored = De authenticator-app van voor de wijziging is weer in gebruik.
undo-effect-totp-removed = De authenticator-app wordt verwijderd.
undo-effect-sms-restored = Sms-berichten naar { $value } zijn weer een tweede factor.
undo-effect-sms-removed = Sms-berichten naar { $value } zijn geen tweede factor meer.
undo-effect-passkey-restored = De passkey { $value } is weer geregistreerd.
undo-effect-passkey-removed = De passkey { $value } wordt verwijderd.
undo-effect-backup-codes-restored = Back-upcodes die weer geldig zijn: { $value }
undo-effect-backup-codes-removed = Alle back-upcodes worden ongeldig.
undo-effect-policy-enforced = Een tweede factor is weer verplicht.
undo-effect-policy-none = Een tweede factor is niet meer verplicht.
undo-effect-application-withdrawn = { $value } mag niets meer.
undo-effect-deletion-cancelled = De geplande verwijdering van het account gaat niet door.
undo-effect-unchanged = Adressen, nummers, wachtwoord en factoren zijn zoals voor de wijziging.
undo-effect-sign-ins-ended = Aanmeldingen die eindigen: { $value }
undo-effect-reset-mailed = De e-mail voor een nieuw wachtwoord gaat naar { $value }.
undo-effect-reset-not-mailed = Er kan geen e-mail voor een nieuw wachtwoord worden verstuurd, omdat er geen bevestigd e-mailadres overblijft.

## /oauth/authorize: sign-in

oauth-sign-in-title = Inloggen
oauth-sign-in-what = Log in om verder te gaan naar { $application }.
oauth-sign-in-identifier = E-mailadres of gebruikersnaam
oauth-sign-in-password = Wachtwoord
oauth-sign-in-button = Inloggen
oauth-passkey-button = Inloggen met een passkey
oauth-sign-in-cancel = Annuleren en terug naar { $application }

## /oauth/authorize: second step

oauth-second-step-title = Bevestig dat jij het bent
oauth-second-step-email = Er is een e-mail met een code onderweg naar { $address }.
oauth-second-step-sms = Er is een sms met een code onderweg naar { $address }. Je kunt ook een van je back-upcodes invoeren.
oauth-second-step-backup-code = Er worden nu geen sms-berichten verzonden. Voer een van je back-upcodes in.
oauth-second-step-passkey = Je account vraagt om een passkey. Je kunt ook een van je back-upcodes invoeren.
oauth-second-step-otp = Voer de code in die je authenticator-app toont, of een van je back-upcodes.
oauth-second-step-code = Code
oauth-second-step-button = Verder
oauth-second-step-again = Opnieuw inloggen

## /oauth/authorize: why a form is shown again

oauth-failure-stale = Deze pagina was te lang open. Probeer het opnieuw.
oauth-failure-credentials = Verkeerd e-mailadres, verkeerde gebruikersnaam of verkeerd wachtwoord.
oauth-failure-disabled = Dit account is geblokkeerd.
oauth-failure-frozen = Dit account is bevroren tot je een nieuw wachtwoord kiest. De e-mail daarvoor is naar je primaire adres gestuurd.
oauth-failure-code = Deze code is niet juist of is al gebruikt.
oauth-failure-expired-code = Deze code is verlopen.
oauth-failure-passkey = Deze passkey is niet geaccepteerd.

## /oauth/authorize: consent

oauth-consent-title = { $application } toestaan?
oauth-consent-what = Je bent ingelogd als { $user }. Als je het toestaat, mag { $application }:
oauth-consent-returns = Daarna keer je terug naar { $address }. Je kunt dit op elk moment intrekken in je account.
oauth-consent-allow-button = Toestaan
oauth-consent-deny-button = Niet toestaan
oauth-consent-again = Een ander account gebruiken

oauth-scope-openid = weten wie je bent
oauth-scope-profile = je naam, afbeelding, taal en tijdzone zien
oauth-scope-email = je e-mailadres zien
oauth-scope-phone = je telefoonnummer zien
oauth-scope-offline-access = toegang houden terwijl je afwezig bent
oauth-scope-profile-read = je hele profiel lezen
oauth-scope-profile-write = je profiel lezen en wijzigen
oauth-scope-security-read = je aanmeldingen, apparaten en manieren om in te loggen zien
oauth-scope-security-write = je wachtwoord, adressen, factoren en aanmeldingen wijzigen en je account verwijderen

## /oauth/logout

oauth-sign-out-title = Uitloggen
oauth-sign-out-question = Uitloggen?
oauth-sign-out-what = Een applicatie vraagt om je aanmeldingen in deze browser te beëindigen.
oauth-sign-out-button = Uitloggen
oauth-signed-out-title = Uitgelogd
oauth-signed-out-what = Je bent uitgelogd in deze browser. Je kunt deze pagina sluiten.

## /oauth/authorize and /oauth/logout: a request of an application that is not known

oauth-error-title = Dat is niet gelukt
oauth-error-what = Ga terug naar de applicatie en probeer het opnieuw. Gebeurt het weer, waarschuw dan de beheerder ervan.
oauth-error-repeated = Het verzoek noemt zijn applicatie of zijn adres twee keer.
oauth-error-unknown-application = Deze applicatie is hier niet geregistreerd.
oauth-error-foreign-address = Het adres om naar terug te keren hoort niet bij deze applicatie.
oauth-error-busy = De dienst heeft het op dit moment te druk.
oauth-error-server = Er ging iets mis aan onze kant.

## An address that is none

not-found-page-title = Niet gevonden
not-found-page-what = Er is geen pagina op dit adres.
