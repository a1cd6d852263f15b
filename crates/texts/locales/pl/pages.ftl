page-continue = Przejdź do { $app_name }
page-close = Możesz zamknąć tę stronę.
page-needs-script = Ta strona wymaga JavaScriptu. Bez niego wpisz kod z wiadomości tam, gdzie był potrzebny.
page-email = Adres e-mail

## What the script shows

page-moment = Chwileczkę…
page-failed = Nie udało się.
page-unreachable = Serwer jest niedostępny.
page-too-many = Zbyt wiele prób. Odczekaj kilka minut.
page-without-link = Ta strona działa tylko po otwarciu linku z wiadomości. Otwórz ten link ponownie.
page-link-invalid = Ten link nie jest już ważny.

## Another mail

another-mail-what = Możesz otrzymać kolejną wiadomość. Jej link potwierdza adres i ustawia nowe hasło.
another-mail-button = Wyślij kolejną wiadomość
another-mail-done = Jeśli istnieje konto z tym adresem, wiadomość z nowym linkiem jest już w drodze.
another-mail-email-malformed = To nie jest adres e-mail.

## /verify-email

verify-email-page-title = Potwierdź swój adres e-mail
verify-email-page-what = Potwierdź, że ta skrzynka należy do Ciebie i że to Ty prosisz o tę wiadomość.
verify-email-page-button = Potwierdź adres
verify-email-page-done = Twój adres jest potwierdzony.
verify-email-page-already = Twój adres jest już potwierdzony.
verify-email-page-choose-password = Twój adres jest potwierdzony. Wybierz teraz hasło; wcześniejsze, jeśli było, jest nieważne.

## /reset-password

reset-password-page-title = Wybierz nowe hasło
reset-password-page-what = Zakończy to wszystkie sesje Twojego konta.
reset-password-page-email-hint = Tylko dla Twojego menedżera haseł. Adres nie jest wysyłany.
reset-password-page-password = Nowe hasło
reset-password-page-password-hint = Minimalna liczba znaków: { $min_length }. Dozwolone są wszystkie znaki; dobre jest kilka słów niezwiązanych ze sobą. Popularne hasła, Twoje imię i nazwisko oraz adres są odrzucane.
reset-password-page-repeat = Jeszcze raz to samo
reset-password-page-show = Pokaż hasło
reset-password-page-button = Ustaw hasło
reset-password-page-done = Hasło jest ustawione. Nastąpiło wylogowanie na wszystkich urządzeniach; możesz się teraz zalogować nowym hasłem.
reset-password-page-too-short = Minimalna liczba znaków: { $min_length }.
reset-password-page-too-long = Hasło jest za długie.
reset-password-page-too-weak = To hasło łatwo odgadnąć: jest popularne, znane z wycieku albo składa się z Twojego imienia lub nazwiska, adresu lub prostego wzoru.
reset-password-page-used-before = To hasło było już używane na tym koncie.
reset-password-page-forbidden = Znaki sterujące są niedozwolone.
reset-password-page-differ = Hasła się różnią.

## /keep-account

keep-account-page-title = Zachowaj swoje konto
keep-account-page-what = Zaplanowano usunięcie Twojego konta. Naciśnij przycisk, aby je zachować.
keep-account-page-button = Zachowaj moje konto
keep-account-page-done = Twoje konto pozostaje. Możesz zalogować się ponownie.

## /cancel-email-change

cancel-email-change-page-title = Anuluj zmianę swojego adresu e-mail
cancel-email-change-page-what = Dla Twojego konta poproszono o nowy adres e-mail. Naciśnij przycisk, aby zachować dotychczasowy adres.
cancel-email-change-page-advice = Jeśli to nie Twoja prośba, wybierz też „nie pamiętam hasła” na stronie logowania i ustaw nowe hasło.
cancel-email-change-page-button = Anuluj zmianę
cancel-email-change-page-done = Zmiana została anulowana. Twój adres e-mail pozostaje taki, jak był.

## /undo

undo-page-title = To nie ja
undo-page-what = Naciśnij przycisk, jeśli zmiana, o której mówi wiadomość, nie jest Twoja. Wtedy:
undo-page-restored = Adresy e-mail, numery telefonu, hasło, klucze dostępu, aplikacja uwierzytelniająca i kody zapasowe będą znowu takie jak przed nią. Późniejsze zmiany też zostaną cofnięte. Adres, który był wtedy nowy, trzeba potwierdzić ponownie.
undo-page-signed-out = Wszyscy zostaną wylogowani na wszystkich urządzeniach, a zaplanowane usunięcie konta zostanie odwołane.
undo-page-frozen = Konto będzie zamrożone, dopóki nie wybierzesz nowego hasła. Wiadomość w tej sprawie trafi na główny adres.
undo-page-changed = Zmiana została wprowadzona w tym czasie:
undo-page-caution = Tego nie można cofnąć. Jeśli to Twoje działanie, zamknij tę stronę.
undo-page-button = Cofnij i zamroź konto
undo-page-done = Zmiana jest cofnięta, a Twoje konto jest zamrożone, dopóki nie wybierzesz nowego hasła.
undo-page-mailed = Wiadomość w tej sprawie wysłano na ten adres:
undo-page-without-address = Zmiana jest cofnięta, a Twoje konto jest zamrożone. Jego adres e-mail należy teraz do innego konta: poproś o pomoc operatora { $app_name }.

undo-effect-contact-restored = { $value } znowu należy do konta.
undo-effect-contact-removed = { $value } zostanie usunięty z konta.
undo-effect-contact-unproven = { $value } trzeba potwierdzić ponownie.
undo-effect-primary-email = { $value } jest znowu głównym adresem e-mail.
undo-effect-primary-phone = { $value } jest znowu głównym numerem telefonu.
undo-effect-email-change-cancelled = Zmiana adresu e-mail na { $value } zostanie odwołana.
undo-effect-password-restored = Hasło sprzed zmiany znowu obowiązuje, dopóki nie wybierzesz nowego.
undo-effect-password-removed = Ustawione hasło zostanie usunięte.
undo-effect-totp-restored = Aplikacja uwierzytelniająca sprzed zmiany jest znowu w użyciu.
undo-effect-totp-removed = Aplikacja uwierzytelniająca zostanie usunięta.
undo-effect-sms-restored = SMS-y na { $value } są znowu drugim składnikiem.
undo-effect-sms-removed = SMS-y na { $value } nie są już drugim składnikiem.
undo-effect-passkey-restored = Klucz dostępu { $value } jest znowu zarejestrowany.
undo-effect-passkey-removed = Klucz dostępu { $value } zostanie usunięty.
undo-effect-backup-codes-restored = Kody zapasowe, które są znowu ważne: { $value }
undo-effect-backup-codes-removed = Wszystkie kody zapasowe zostaną unieważnione.
undo-effect-policy-enforced = Drugi składnik jest znowu wymagany.
undo-effect-policy-none = Drugi składnik nie jest już wymagany.
undo-effect-application-withdrawn = { $value } nie ma już żadnych uprawnień.
undo-effect-deletion-cancelled = Zaplanowane usunięcie konta zostanie odwołane.
undo-effect-unchanged = Adresy, numery, hasło i składniki są takie jak przed zmianą.
undo-effect-sign-ins-ended = Kończone logowania: { $value }
undo-effect-reset-mailed = Wiadomość w sprawie nowego hasła trafi na { $value }.
undo-effect-reset-not-mailed = Nie można wysłać wiadomości w sprawie nowego hasła, bo nie pozostaje żaden potwierdzony adres e-mail.

## /oauth/authorize: sign-in

oauth-sign-in-title = Logowanie
oauth-sign-in-what = Zaloguj się, aby przejść do { $application }.
oauth-sign-in-identifier = Adres e-mail lub nazwa użytkownika
oauth-sign-in-password = Hasło
oauth-sign-in-button = Zaloguj się
oauth-passkey-button = Zaloguj się kluczem dostępu
oauth-sign-in-cancel = Anuluj i wróć do { $application }

## /oauth/authorize: second step

oauth-second-step-title = Potwierdź, że to Ty
oauth-second-step-email = E-mail z kodem jest w drodze na { $address }.
oauth-second-step-sms = SMS z kodem jest w drodze na { $address }. Możesz też wpisać jeden ze swoich kodów zapasowych.
oauth-second-step-backup-code = SMS-y nie są teraz wysyłane. Wpisz jeden ze swoich kodów zapasowych.
oauth-second-step-passkey = Twoje konto wymaga klucza dostępu. Możesz też wpisać jeden ze swoich kodów zapasowych.
oauth-second-step-otp = Wpisz kod wyświetlany przez aplikację uwierzytelniającą albo jeden ze swoich kodów zapasowych.
oauth-second-step-code = Kod
oauth-second-step-button = Dalej
oauth-second-step-again = Zaloguj się ponownie

## /oauth/authorize: why a form is shown again

oauth-failure-stale = Ta strona była otwarta zbyt długo. Spróbuj ponownie.
oauth-failure-credentials = Błędny adres e-mail, nazwa użytkownika lub hasło.
oauth-failure-disabled = To konto jest zablokowane.
oauth-failure-frozen = To konto jest zamrożone do czasu ustawienia nowego hasła. Wiadomość w tej sprawie wysłano na główny adres.
oauth-failure-code = Ten kod jest błędny lub został już użyty.
oauth-failure-expired-code = Ten kod wygasł.
oauth-failure-passkey = Ten klucz dostępu nie został przyjęty.

## /oauth/authorize: consent

oauth-consent-title = Zezwolić aplikacji { $application }?
oauth-consent-what = Zalogowano jako { $user }. Jeśli na to zezwolisz, aplikacja { $application } będzie mogła:
oauth-consent-returns = Potem nastąpi powrót do { $address }. W każdej chwili możesz to cofnąć na swoim koncie.
oauth-consent-allow-button = Zezwól
oauth-consent-deny-button = Nie zezwalaj
oauth-consent-again = Użyj innego konta

oauth-scope-openid = dowiedzieć się, kim jesteś
oauth-scope-profile = widzieć Twoje imię i nazwisko, zdjęcie, język i strefę czasową
oauth-scope-email = widzieć Twój adres e-mail
oauth-scope-phone = widzieć Twój numer telefonu
oauth-scope-offline-access = zachować dostęp pod Twoją nieobecność
oauth-scope-profile-read = odczytać cały Twój profil
oauth-scope-profile-write = odczytywać i zmieniać Twój profil
oauth-scope-security-read = widzieć Twoje sesje, urządzenia i sposoby logowania
oauth-scope-security-write = zmieniać Twoje hasło, adresy, składniki i sesje oraz usunąć Twoje konto

## /oauth/logout

oauth-sign-out-title = Wylogowanie
oauth-sign-out-question = Wylogować?
oauth-sign-out-what = Aplikacja prosi o zakończenie Twoich sesji w tej przeglądarce.
oauth-sign-out-button = Wyloguj się
oauth-signed-out-title = Wylogowano
oauth-signed-out-what = Wylogowano Cię w tej przeglądarce. Możesz zamknąć tę stronę.

## /oauth/authorize and /oauth/logout: a request of an application that is not known

oauth-error-title = To się nie udało
oauth-error-what = Wróć do aplikacji i spróbuj ponownie. Jeśli to się powtórzy, powiadom jej operatora.
oauth-error-repeated = Żądanie podaje swoją aplikację lub swój adres dwa razy.
oauth-error-unknown-application = Ta aplikacja nie jest tu zarejestrowana.
oauth-error-foreign-address = Adres powrotu nie należy do tej aplikacji.
oauth-error-busy = Usługa jest w tej chwili przeciążona.
oauth-error-server = Coś poszło nie tak po naszej stronie.

## An address that is none

not-found-page-title = Nie znaleziono
not-found-page-what = Pod tym adresem nie ma żadnej strony.
