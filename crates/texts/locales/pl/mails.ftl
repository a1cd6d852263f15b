## Parts of every mail

mail-hello = Dzień dobry,
mail-hello-name = Dzień dobry { $name },
mail-when = Kiedy: { $time }
mail-device = Urządzenie: { $device }
mail-address = Adres IP: { $ip }
mail-address-in = Adres IP: { $ip } ({ $place })
mail-automatic = Wiadomość wysłana automatycznie. Odpowiedzi na ten e-mail nie są czytane.
mail-or-link = Albo otwórz ten link:
mail-button-fallback = Jeśli przycisk nie działa, otwórz ten adres: { $link }

device-words = { $browser }, { $system }

within-minutes = { $count ->
    [one] w ciągu { $count } minuty
    [few] w ciągu { $count } minut
    [many] w ciągu { $count } minut
   *[other] w ciągu { $count } minuty
}
within-hours = { $count ->
    [one] w ciągu { $count } godziny
    [few] w ciągu { $count } godzin
    [many] w ciągu { $count } godzin
   *[other] w ciągu { $count } godziny
}
within-days = { $count ->
    [one] w ciągu { $count } dnia
    [few] w ciągu { $count } dni
    [many] w ciągu { $count } dni
   *[other] w ciągu { $count } dnia
}

advice-new-one = Jeśli to Twoje działanie, nie musisz nic robić. Jeśli nie, wybierz „nie pamiętam hasła” na stronie logowania i od razu ustaw nowe.
advice-new-password = Jeśli to Twoje działanie, nie musisz nic robić. Jeśli nie, wybierz „nie pamiętam hasła” na stronie logowania i od razu ustaw nowe hasło.
advice-unchanged = Jeśli to nie Twoje działanie, możesz zignorować ten e-mail: na Twoim koncie nic się nie zmieniło.

undo-open-link = Jeśli to Twoje działanie, nie musisz nic robić. Jeśli nie, cofnij zmianę { $within } za pomocą tego linku:
undo-go-on = Jeśli to Twoje działanie, nie musisz nic robić. Jeśli nie, cofnij zmianę { $within }:
undo-button = To nie ja
undo-what = Twoje konto będzie wtedy takie jak przedtem, nastąpi wylogowanie na wszystkich urządzeniach i nikt nie będzie mógł się zalogować, dopóki nie wybierzesz nowego hasła.

## Proofs

verify-email-subject = Potwierdź swój adres e-mail w { $app_name }
verify-email-enter-code = Potwierdź, że ten adres e-mail należy do Ciebie. Wpisz ten kod { $within }:
verify-email-or-click = Albo potwierdź jednym kliknięciem:
verify-email-button = Potwierdź mój adres
verify-email-caution = Zrób to tylko wtedy, gdy właśnie zakładasz konto. Jeśli nie, zignoruj ten e-mail: bez niego nikt nie przejdzie dalej.

confirm-email-change-subject = Potwierdź swój nowy adres e-mail w { $app_name }
confirm-email-change-enter-code = Ten adres e-mail ma być używany na Twoim koncie { $app_name }. Wpisz ten kod { $within }:
confirm-email-change-caution = Jeśli to nie Twoja prośba, możesz zignorować ten e-mail: bez kodu Twój adres nie zostanie dodany do żadnego konta.

invitation-subject = Konto dla Ciebie w { $app_name }
invitation-open-link = Utworzono dla Ciebie konto w { $app_name }. Aby potwierdzić adres e-mail i wybrać hasło, otwórz ten link { $within }:
invitation-go-on = Utworzono dla Ciebie konto w { $app_name }. Aby potwierdzić adres e-mail i wybrać hasło, przejdź dalej { $within }:
invitation-button = Skonfiguruj konto
invitation-caution = Jeśli nie spodziewasz się tej wiadomości, możesz ją zignorować: bez linku nikt nie może użyć konta.

reset-password-subject = Wybierz nowe hasło do { $app_name }
reset-password-enter-code = Aby wybrać nowe hasło, wpisz ten kod { $within }:
reset-password-or-click = Albo przejdź dalej jednym kliknięciem:
reset-password-open-link = Aby wybrać nowe hasło, otwórz ten link { $within }:
reset-password-go-on = Aby wybrać nowe hasło, przejdź dalej { $within }:
reset-password-button = Wybierz nowe hasło
reset-password-caution = Jeśli to nie Twoja prośba, możesz zignorować ten e-mail: Twoje hasło się nie zmieni.

already-registered-subject = Masz już konto w { $app_name }
already-registered-what = Ktoś, być może Ty, próbował zarejestrować się w { $app_name } z tym adresem e-mail. Należy on już do pewnego konta, więc nie utworzono nowego. Zaloguj się jak zwykle; jeśli nie pamiętasz hasła, poproś tam o nowe.

## Passwords and sign-ins

password-changed-subject = Twoje hasło do { $app_name } zostało zmienione
password-changed-what = Hasło do Twojego konta { $app_name } zostało zmienione. Wszędzie indziej nastąpiło wylogowanie.

password-removed-subject = Twoje hasło do { $app_name } zostało usunięte
password-removed-what = Hasło do Twojego konta { $app_name } zostało usunięte. Od teraz logujesz się kluczem dostępu. Wszędzie indziej nastąpiło wylogowanie.

new-sign-in-subject = Nowe logowanie do Twojego konta { $app_name }
new-sign-in-what = Ktoś, mamy nadzieję, że Ty, zalogował się do Twojego konta { $app_name } z urządzenia lub sieci, których wcześniej do tego nie używano.
new-sign-in-advice = Jeśli to Twoje działanie, nie musisz nic robić. Jeśli nie, wybierz „nie pamiętam hasła” na stronie logowania i od razu ustaw nowe: zakończy to wszystkie sesje.

change-undone-subject = Cofnięto zmianę Twojego konta { $app_name }
change-undone-what = Ktoś nacisnął „To nie ja” w wiadomości dotyczącej Twojego konta { $app_name }. Adresy e-mail, numery telefonu, hasło i składniki logowania są znowu takie jak przed zmianą, o której mówiła wiadomość, i wszyscy zostali wylogowani.
change-undone-mailed = Konto jest zamrożone do czasu wybrania nowego hasła. Wiadomość w tej sprawie wysłano na adres { $masked_email }.
change-undone-without-address = Konto jest zamrożone i nie ma adresu e-mail, na który mogłaby trafić wiadomość o nowym haśle. Poproś o pomoc operatora { $app_name }.
change-undone-advice = Jeśli nikt nie powinien był tego zrobić, od razu poproś o pomoc operatora { $app_name }.

## Addresses and numbers

email-change-requested-subject = Nowy adres e-mail dla Twojego konta { $app_name }?
email-change-requested-what = Ktoś, mamy nadzieję, że Ty, poprosił o zmianę adresu e-mail Twojego konta { $app_name } na { $masked_email }. Dopóki ten adres nie zostanie potwierdzony, używany jest dotychczasowy.
email-change-requested-cancel = Jeśli to Twoja prośba, nie musisz tu nic robić. Jeśli nie, anuluj zmianę { $within }:
email-change-requested-cancel-link = Jeśli to Twoja prośba, nie musisz tu nic robić. Jeśli nie, anuluj zmianę { $within } za pomocą tego linku:
email-change-requested-button = Anuluj zmianę
email-change-requested-advice = Potem wybierz „nie pamiętam hasła” na stronie logowania i ustaw nowe hasło: wyloguje to wszystkich i również anuluje zmianę.

email-change-cancelled-subject = Adres e-mail Twojego konta { $app_name } pozostaje bez zmian
email-change-cancelled-what = Zmiana adresu e-mail Twojego konta { $app_name } na { $masked_email } została anulowana. Używany jest nadal dotychczasowy.
email-change-cancelled-advice = Jeśli prośba o tę zmianę lub jej anulowanie nie pochodzi od Ciebie, wybierz „nie pamiętam hasła” na stronie logowania i od razu ustaw nowe hasło.

email-changed-subject = Adres e-mail Twojego konta { $app_name } został zmieniony
email-changed-what = Głównym adresem e-mail Twojego konta { $app_name } jest teraz { $masked_email }. Wiadomości dotyczące konta będą od teraz wysyłane tam.
email-changed-advice = Jeśli to Twoje działanie, nie musisz nic robić. Jeśli nie, od razu poproś o pomoc operatora { $app_name }.

contact-changed-subject = Dane kontaktowe Twojego konta { $app_name } zostały zmienione
contact-changed-what = Główny adres e-mail lub numer telefonu Twojego konta { $app_name } został zmieniony.

contact-added-subject = Nowe dane kontaktowe Twojego konta { $app_name }
contact-added-what = Do Twojego konta { $app_name } dodano { $masked }. Te dane nie są jeszcze potwierdzone i do tego czasu nie można ich do niczego użyć.

contact-verified-subject = Potwierdzono nowe dane kontaktowe Twojego konta { $app_name }
contact-verified-what = Potwierdzono { $masked }. Te dane należą teraz do Twojego konta { $app_name }.

contact-removed-subject = Usunięto dane kontaktowe z Twojego konta { $app_name }
contact-removed-what = Z Twojego konta { $app_name } usunięto { $masked }.

contact-claimed-subject = Ktoś użył Twoich danych kontaktowych w { $app_name }
contact-claimed-what = Ktoś, być może Ty, próbował dodać { $masked } do innego konta { $app_name }. Te dane należą do Twojego konta i na nim pozostają; nie wysłano żadnego kodu.

## Second factors and passkeys

authenticator-added-subject = Dodano aplikację uwierzytelniającą do Twojego konta { $app_name }
authenticator-added-what = Do Twojego konta { $app_name } dodano aplikację uwierzytelniającą. Od teraz logowanie hasłem wymaga też kodu z tej aplikacji.
authenticator-added-advice = Jeśli to Twoje działanie, nie musisz nic robić. Jeśli nie, wybierz „nie pamiętam hasła” na stronie logowania, ustaw nowe hasło i od razu poproś o pomoc operatora { $app_name }.

authenticator-removed-subject = Usunięto aplikację uwierzytelniającą z Twojego konta { $app_name }
authenticator-removed-what = Z Twojego konta { $app_name } usunięto aplikację uwierzytelniającą. Jej kody nie są już wymagane ani przyjmowane.

sms-factor-added-subject = Dodano kody SMS do logowania na Twoje konto { $app_name }
sms-factor-added-what = { $masked } jest teraz drugim składnikiem logowania na Twoje konto { $app_name }. Od teraz logowanie hasłem wymaga też kodu z SMS-a wysłanego na ten numer.

sms-factor-removed-subject = Usunięto kody SMS z logowania na Twoje konto { $app_name }
sms-factor-removed-what = { $masked } nie jest już drugim składnikiem logowania na Twoje konto { $app_name }. Logowanie nie wymaga już kodu z SMS-a wysłanego na ten numer.

backup-codes-made-subject = Nowe kody zapasowe do Twojego konta { $app_name }
backup-codes-made-what = Utworzono nowe kody zapasowe do Twojego konta { $app_name }. Wcześniejsze nie są już przyjmowane.

backup-code-used-subject = Użyto kodu zapasowego do Twojego konta { $app_name }
backup-code-used-what = Kod zapasowy do Twojego konta { $app_name } został użyty do zalogowania się lub potwierdzenia zmiany. Pozostałe kody: { $left }.
backup-code-used-last = Utwórz nowe, aby móc logować się bez swojego drugiego składnika.

passkey-added-subject = Dodano klucz dostępu do Twojego konta { $app_name }
passkey-added-what = Do Twojego konta { $app_name } dodano klucz dostępu. Kto go ma, może zalogować się bez Twojego hasła.
passkey-added-advice = Jeśli to Twoje działanie, nie musisz nic robić. Jeśli nie, zaloguj się, usuń klucz dostępu i od razu zmień hasło.

passkey-removed-subject = Usunięto klucz dostępu z Twojego konta { $app_name }
passkey-removed-what = Z Twojego konta { $app_name } usunięto klucz dostępu. Nie można się już nim logować.

application-allowed-subject = Aplikacja może używać Twojego konta { $app_name }
application-allowed-what = Aplikacji { $application } zezwolono na używanie Twojego konta { $app_name }.
application-allowed-advice = Jeśli to Twoje działanie, nie musisz nic robić. Jeśli nie, zaloguj się, wycofaj zgodę na liście aplikacji i od razu zmień hasło.

factors-reset-subject = Usunięto drugie składniki logowania na Twoje konto { $app_name }
factors-reset-what = Operator { $app_name } usunął drugie składniki logowania na Twoje konto: aplikację uwierzytelniającą, kody SMS, kody zapasowe i zapamiętane urządzenia. Nastąpiło wylogowanie na wszystkich urządzeniach.
factors-reset-what-passkeys = Operator { $app_name } usunął drugie składniki logowania na Twoje konto: aplikację uwierzytelniającą, kody SMS, kody zapasowe, klucze dostępu i zapamiętane urządzenia. Nastąpiło wylogowanie na wszystkich urządzeniach.
factors-reset-advice = Jeśli to Twoja prośba, zaloguj się i ponownie dodaj drugi składnik. Jeśli nie, wybierz „nie pamiętam hasła” na stronie logowania, od razu ustaw nowe hasło i powiadom operatora.

## Deletion

deletion-scheduled-subject = Twoje konto { $app_name } zostanie usunięte
deletion-scheduled-open-link = Zgodnie z prośbą Twoje konto { $app_name } zostanie usunięte { $on }. Nastąpiło wylogowanie na wszystkich urządzeniach. Do tego czasu możesz zachować konto za pomocą tego linku:
deletion-scheduled-go-on = Zgodnie z prośbą Twoje konto { $app_name } zostanie usunięte { $on }. Nastąpiło wylogowanie na wszystkich urządzeniach. Do tego czasu możesz zachować konto:
deletion-scheduled-button = Zachowaj moje konto
deletion-scheduled-advice = Jeśli to Twoja prośba, nie musisz nic robić. Jeśli nie, zachowaj konto, a potem wybierz „nie pamiętam hasła” na stronie logowania i od razu ustaw nowe.

deletion-reminder-subject = Twoje konto { $app_name } zostanie wkrótce usunięte
deletion-reminder-open-link = Zgodnie z prośbą Twoje konto { $app_name } zostanie usunięte { $on }. Do tego czasu możesz zachować konto za pomocą tego linku:
deletion-reminder-go-on = Zgodnie z prośbą Twoje konto { $app_name } zostanie usunięte { $on }. Do tego czasu możesz zachować konto:
deletion-reminder-advice = Jeśli nadal chcesz, aby zostało usunięte, nie musisz nic robić.

deletion-cancelled-subject = Twoje konto { $app_name } pozostaje
deletion-cancelled-what = Usunięcie Twojego konta { $app_name } zostało odwołane. Konto pozostaje bez zmian.
deletion-cancelled-advice = Jeśli to nie Twoje działanie, wybierz „nie pamiętam hasła” na stronie logowania i od razu ustaw nowe hasło.

account-deleted-subject = Twoje konto { $app_name } zostało usunięte
account-deleted-what = Zgodnie z prośbą Twoje konto { $app_name } zostało usunięte. Wszystko, co do niego należało, zniknęło i nie można tego przywrócić.

## Exports

export-requested-subject = Eksport Twojego konta { $app_name }
export-requested-what = Ktoś, mamy nadzieję, że Ty, poprosił o kopię wszystkich danych Twojego konta { $app_name }. Może ją pobrać tylko osoba zalogowana, która dopiero co potwierdziła swoją tożsamość.
export-requested-advice = Jeśli to Twoje działanie, nie musisz nic robić. Jeśli nie, wybierz „nie pamiętam hasła” na stronie logowania i od razu ustaw nowe: zakończy to wszystkie sesje.

export-ready-subject = Eksport Twojego konta { $app_name } jest gotowy do pobrania
export-ready-what = Kopia wszystkich danych Twojego konta { $app_name } jest gotowa. Możesz ją pobrać ze swojego konta { $within }, po zalogowaniu:
export-ready-button = Przejdź do mojego konta
export-ready-advice = Jeśli to nie Twoja prośba, wybierz „nie pamiętam hasła” na stronie logowania i od razu ustaw nowe.

## For the operator

test-subject = Wiadomość testowa z { $app_name }
test-what = To jest test. Jeśli możesz go przeczytać, { $app_name } może wysyłać Ci wiadomości.
