page-continue = Continua su { $app_name }
page-close = Puoi chiudere questa pagina.
page-needs-script = Questa pagina richiede JavaScript. Senza, inserisci il codice dell'e-mail dove lo hai richiesto.
page-email = Indirizzo e-mail

## What the script shows

page-moment = Un momento…
page-failed = Non ha funzionato.
page-unreachable = Impossibile raggiungere il server.
page-too-many = Troppi tentativi. Attendi qualche minuto.
page-without-link = Questa pagina funziona solo dal link nell'e-mail. Apri di nuovo quel link.
page-link-invalid = Questo link non è più valido.

## Another mail

another-mail-what = Puoi ricevere un'altra e-mail. Il suo link conferma l'indirizzo e imposta una nuova password.
another-mail-button = Invia un'altra e-mail
another-mail-done = Se esiste un account con questo indirizzo, un'e-mail con un nuovo link è in arrivo.
another-mail-email-malformed = Questo non è un indirizzo e-mail.

## /verify-email

verify-email-page-title = Conferma il tuo indirizzo e-mail
verify-email-page-what = Conferma che questa casella di posta è tua e che hai richiesto l'e-mail.
verify-email-page-button = Conferma l'indirizzo
verify-email-page-done = Il tuo indirizzo è confermato.
verify-email-page-already = Il tuo indirizzo è già confermato.
verify-email-page-choose-password = Il tuo indirizzo è confermato. Ora scegli una password; quella precedente, se c'era, non è più valida.

## /reset-password

reset-password-page-title = Scegli una nuova password
reset-password-page-what = Termina tutti gli accessi al tuo account.
reset-password-page-email-hint = Solo per il tuo gestore di password. Non viene inviato.
reset-password-page-password = Nuova password
reset-password-page-password-hint = Almeno { $min_length } caratteri. Va bene qualsiasi carattere; è una buona scelta qualche parola senza alcun legame tra loro. Le password comuni, il tuo nome e il tuo indirizzo vengono rifiutati.
reset-password-page-repeat = Di nuovo la stessa
reset-password-page-show = Mostra la password
reset-password-page-button = Imposta la password
reset-password-page-done = La tua password è impostata. Sei disconnesso ovunque e ora puoi usarla per accedere.
reset-password-page-too-short = Almeno { $min_length } caratteri.
reset-password-page-too-long = È troppo lunga.
reset-password-page-too-weak = Questa password è facile da indovinare: è comune, nota da una fuga di dati, oppure composta dal tuo nome, dal tuo indirizzo o da uno schema.
reset-password-page-used-before = Hai già usato questa password.
reset-password-page-forbidden = I caratteri di controllo non sono ammessi.
reset-password-page-differ = Le due password sono diverse.

## /keep-account

keep-account-page-title = Conserva il tuo account
keep-account-page-what = L'eliminazione del tuo account è programmata. Premi il pulsante per conservare l'account.
keep-account-page-button = Conserva il mio account
keep-account-page-done = Il tuo account resta. Puoi accedere di nuovo.

## /cancel-email-change

cancel-email-change-page-title = Annulla la modifica del tuo indirizzo e-mail
cancel-email-change-page-what = È stato richiesto un nuovo indirizzo e-mail per il tuo account. Premi il pulsante per conservare l'indirizzo che hai.
cancel-email-change-page-advice = Se non hai chiesto la modifica, scegli anche «password dimenticata» nella pagina di accesso e imposta una nuova password.
cancel-email-change-page-button = Annulla la modifica
cancel-email-change-page-done = La modifica è annullata. Il tuo indirizzo e-mail resta com'era.

## /undo

undo-page-title = Non ero io
undo-page-what = Premi il pulsante se non hai fatto tu la modifica di cui parla l'e-mail. Allora:
undo-page-restored = Indirizzi e-mail, numeri di telefono, password, passkey, app di autenticazione e codici di backup sono di nuovo com'erano prima. Anche le modifiche successive vengono annullate. Un indirizzo che allora era nuovo va confermato di nuovo.
undo-page-signed-out = Tutti vengono disconnessi ovunque, e un'eliminazione programmata dell'account viene annullata.
undo-page-frozen = L'account è congelato finché non scegli una nuova password. L'e-mail per farlo va all'indirizzo principale.
undo-page-changed = La modifica è stata fatta in questo momento:
undo-page-caution = Questo non si può annullare. Se eri tu, chiudi questa pagina.
undo-page-button = Annulla e congela l'account
undo-page-done = La modifica è annullata, e il tuo account è congelato finché non hai scelto una nuova password.
undo-page-mailed = L'e-mail per farlo è stata inviata a questo indirizzo:
undo-page-without-address = La modifica è annullata, e il tuo account è congelato. Il suo indirizzo e-mail appartiene ora a un altro account: chiedi aiuto ai gestori di { $app_name }.

undo-effect-contact-restored = { $value } fa di nuovo parte dell'account.
undo-effect-contact-removed = { $value } viene rimosso dall'account.
undo-effect-contact-unproven = { $value } va confermato di nuovo.
undo-effect-primary-email = { $value } è di nuovo l'indirizzo e-mail principale.
undo-effect-primary-phone = { $value } è di nuovo il numero di telefono principale.
undo-effect-email-change-cancelled = La modifica dell'indirizzo e-mail in { $value } viene annullata.
undo-effect-password-restored = La password di prima della modifica torna valida finché non ne scegli una nuova.
undo-effect-password-removed = La password impostata viene rimossa.
undo-effect-totp-restored = L'app di autenticazione di prima della modifica è di nuovo attiva.
undo-effect-totp-removed = L'app di autenticazione viene rimossa.
undo-effect-sms-restored = Gli SMS a { $value } sono di nuovo un secondo fattore.
undo-effect-sms-removed = Gli SMS a { $value } non sono più un secondo fattore.
undo-effect-passkey-restored = La passkey { $value } è di nuovo registrata.
undo-effect-passkey-removed = La passkey { $value } viene rimossa.
undo-effect-backup-codes-restored = Codici di backup di nuovo validi: { $value }
undo-effect-backup-codes-removed = Tutti i codici di backup vengono annullati.
undo-effect-policy-enforced = Un secondo fattore è di nuovo richiesto.
undo-effect-policy-none = Un secondo fattore non è più richiesto.
undo-effect-application-withdrawn = { $value } non ha più alcuna autorizzazione.
undo-effect-deletion-cancelled = L'eliminazione programmata dell'account viene annullata.
undo-effect-unchanged = Indirizzi, numeri, password e fattori sono com'erano prima della modifica.
undo-effect-sign-ins-ended = Accessi che terminano: { $value }
undo-effect-reset-mailed = L'e-mail per una nuova password va a { $value }.
undo-effect-reset-not-mailed = Non si può inviare un'e-mail per una nuova password, perché non resta nessun indirizzo e-mail confermato.

## /oauth/authorize: sign-in

oauth-sign-in-title = Accedi
oauth-sign-in-what = Accedi per continuare su { $application }.
oauth-sign-in-identifier = Indirizzo e-mail o nome utente
oauth-sign-in-password = Password
oauth-sign-in-button = Accedi
oauth-passkey-button = Accedi con una passkey
oauth-sign-in-cancel = Annulla e torna a { $application }

## /oauth/authorize: second step

oauth-second-step-title = Conferma che sei tu
oauth-second-step-email = Un'e-mail con un codice è in arrivo a { $address }.
oauth-second-step-sms = Un SMS con un codice è in arrivo a { $address }. Puoi anche inserire uno dei tuoi codici di backup.
oauth-second-step-backup-code = Al momento non vengono inviati SMS. Inserisci uno dei tuoi codici di backup.
oauth-second-step-passkey = Il tuo account richiede una passkey. Puoi anche inserire uno dei tuoi codici di backup.
oauth-second-step-otp = Inserisci il codice mostrato dalla tua app di autenticazione, o uno dei tuoi codici di backup.
oauth-second-step-code = Codice
oauth-second-step-button = Continua
oauth-second-step-again = Accedi di nuovo

## /oauth/authorize: why a form is shown again

oauth-failure-stale = Questa pagina è rimasta aperta troppo a lungo. Riprova.
oauth-failure-credentials = Indirizzo e-mail, nome utente o password errati.
oauth-failure-disabled = Questo account è disattivato.
oauth-failure-frozen = Questo account è congelato finché non scegli una nuova password. L'email per farlo è stata inviata al tuo indirizzo principale.
oauth-failure-code = Questo codice è errato o è già stato usato.
oauth-failure-expired-code = Questo codice è scaduto.
oauth-failure-passkey = Questa passkey non è stata accettata.

## /oauth/authorize: consent

oauth-consent-title = Consentire { $application }?
oauth-consent-what = Hai effettuato l'accesso come { $user }. Se lo consenti, { $application } potrà:
oauth-consent-returns = Poi tornerai a { $address }. Puoi revocare questo consenso in qualsiasi momento nel tuo account.
oauth-consent-allow-button = Consenti
oauth-consent-deny-button = Non consentire
oauth-consent-again = Usa un altro account

oauth-scope-openid = sapere chi sei
oauth-scope-profile = vedere il tuo nome, la tua immagine, la tua lingua e il tuo fuso orario
oauth-scope-email = vedere il tuo indirizzo e-mail
oauth-scope-phone = vedere il tuo numero di telefono
oauth-scope-offline-access = mantenere l'accesso mentre non ci sei
oauth-scope-profile-read = leggere l'intero profilo
oauth-scope-profile-write = leggere e modificare il tuo profilo
oauth-scope-security-read = vedere i tuoi accessi, i tuoi dispositivi e i tuoi modi per accedere
oauth-scope-security-write = modificare la tua password, i tuoi indirizzi, i tuoi fattori e i tuoi accessi, ed eliminare il tuo account

## /oauth/logout

oauth-sign-out-title = Esci
oauth-sign-out-question = Uscire?
oauth-sign-out-what = Un'applicazione chiede di terminare i tuoi accessi in questo browser.
oauth-sign-out-button = Esci
oauth-signed-out-title = Disconnesso
oauth-signed-out-what = Sei disconnesso in questo browser. Puoi chiudere questa pagina.

## /oauth/authorize and /oauth/logout: a request of an application that is not known

oauth-error-title = Non ha funzionato
oauth-error-what = Torna all'applicazione e riprova. Se succede di nuovo, avvisa il suo gestore.
oauth-error-repeated = La richiesta indica due volte la sua applicazione o il suo indirizzo.
oauth-error-unknown-application = Questa applicazione non è registrata qui.
oauth-error-foreign-address = L'indirizzo a cui tornare non è uno di questa applicazione.
oauth-error-busy = Il servizio è sovraccarico in questo momento.
oauth-error-server = Qualcosa è andato storto da parte nostra.

## An address that is none

not-found-page-title = Pagina non trovata
not-found-page-what = A questo indirizzo non c'è nessuna pagina.
