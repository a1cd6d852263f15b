## Parts of every mail

mail-hello = Ciao,
mail-hello-name = Ciao { $name },
mail-when = Data e ora: { $time }
mail-device = Dispositivo: { $device }
mail-address = Indirizzo IP: { $ip }
mail-address-in = Indirizzo IP: { $ip } ({ $place })
mail-automatic = Messaggio inviato automaticamente. Le risposte a questa e-mail non vengono lette.
mail-or-link = Oppure apri questo link:
mail-button-fallback = Se il pulsante non funziona, apri questo indirizzo: { $link }

device-words = { $browser } su { $system }

within-minutes = { $count ->
    [one] entro { $count } minuto
   *[other] entro { $count } minuti
}
within-hours = { $count ->
    [one] entro { $count } ora
   *[other] entro { $count } ore
}
within-days = { $count ->
    [one] entro { $count } giorno
   *[other] entro { $count } giorni
}

advice-new-one = Se eri tu, non devi fare nulla. Altrimenti scegli «password dimenticata» nella pagina di accesso e impostane subito una nuova.
advice-new-password = Se eri tu, non devi fare nulla. Altrimenti scegli «password dimenticata» nella pagina di accesso e imposta subito una nuova password.
advice-unchanged = Se non eri tu, puoi ignorare questa e-mail: il tuo account non è cambiato.

undo-open-link = Se eri tu, non devi fare nulla. Altrimenti annulla la modifica { $within } con questo link:
undo-go-on = Se eri tu, non devi fare nulla. Altrimenti annulla la modifica { $within }:
undo-button = Non ero io
undo-what = Il tuo account torna allora com'era prima, sei disconnesso ovunque e nessuno può accedere finché non hai scelto una nuova password.

## Proofs

verify-email-subject = Conferma il tuo indirizzo e-mail per { $app_name }
verify-email-enter-code = Conferma che questo indirizzo e-mail è tuo. Inserisci questo codice { $within }:
verify-email-or-click = Oppure conferma con un clic:
verify-email-button = Conferma il mio indirizzo
verify-email-caution = Fallo solo se ti sei appena registrato di persona. Se non eri tu, ignora questa e-mail: senza di essa nessuno può andare avanti.

confirm-email-change-subject = Conferma il tuo nuovo indirizzo e-mail per { $app_name }
confirm-email-change-enter-code = Hai chiesto di usare questo indirizzo e-mail per il tuo account { $app_name }. Inserisci questo codice { $within }:
confirm-email-change-caution = Se non eri tu, puoi ignorare questa e-mail: senza il codice il tuo indirizzo non viene aggiunto a nessun account.

invitation-subject = Un account per te su { $app_name }
invitation-open-link = È stato creato un account per te su { $app_name }. Per confermare il tuo indirizzo e-mail e scegliere una password, apri questo link { $within }:
invitation-go-on = È stato creato un account per te su { $app_name }. Per confermare il tuo indirizzo e-mail e scegliere una password, continua { $within }:
invitation-button = Configura il tuo account
invitation-caution = Se non ti aspettavi questa e-mail, puoi ignorarla: senza il link nessuno può usare l'account.

reset-password-subject = Scegli una nuova password per { $app_name }
reset-password-enter-code = Per scegliere una nuova password, inserisci questo codice { $within }:
reset-password-or-click = Oppure continua con un clic:
reset-password-open-link = Per scegliere una nuova password, apri questo link { $within }:
reset-password-go-on = Per scegliere una nuova password, continua { $within }:
reset-password-button = Scegli una nuova password
reset-password-caution = Se non eri tu, puoi ignorare questa e-mail: la tua password resta com'è.

already-registered-subject = Hai già un account su { $app_name }
already-registered-what = Qualcuno, forse tu, ha provato a registrarsi su { $app_name } con questo indirizzo e-mail. Appartiene già a un account, quindi non ne è stato creato uno nuovo. Accedi come al solito; se hai dimenticato la password, richiedine lì una nuova.

## Passwords and sign-ins

password-changed-subject = La tua password di { $app_name } è stata modificata
password-changed-what = La password del tuo account { $app_name } è stata modificata. Ovunque altrove avevi effettuato l'accesso, sei stato disconnesso.

password-removed-subject = La tua password di { $app_name } è stata rimossa
password-removed-what = La password del tuo account { $app_name } è stata rimossa. D'ora in poi accedi con una passkey. Ovunque altrove avevi effettuato l'accesso, sei stato disconnesso.

new-sign-in-subject = Nuovo accesso al tuo account { $app_name }
new-sign-in-what = Qualcuno, speriamo tu, ha effettuato l'accesso al tuo account { $app_name } da un dispositivo o da una rete mai usati prima per questo.
new-sign-in-advice = Se eri tu, non devi fare nulla. Altrimenti scegli «password dimenticata» nella pagina di accesso e impostane subito una nuova: così terminano tutti gli accessi.

change-undone-subject = Una modifica del tuo account { $app_name } è stata annullata
change-undone-what = Qualcuno ha premuto «Non ero io» in un'e-mail sul tuo account { $app_name }. Indirizzi e-mail, numeri di telefono, password e fattori sono di nuovo com'erano prima della modifica di cui parlava l'e-mail, e tutti sono stati disconnessi.
change-undone-mailed = L'account è congelato finché non viene scelta una nuova password. L'e-mail per farlo è stata inviata a { $masked_email }.
change-undone-without-address = L'account è congelato e non ha un indirizzo che possa ricevere l'e-mail per una nuova password. Chiedi aiuto ai gestori di { $app_name }.
change-undone-advice = Se nessuno avrebbe dovuto farlo, chiedi subito aiuto ai gestori di { $app_name }.

## Addresses and numbers

email-change-requested-subject = Un nuovo indirizzo e-mail per il tuo account { $app_name }?
email-change-requested-what = Qualcuno, speriamo tu, ha chiesto di cambiare l'indirizzo e-mail del tuo account { $app_name } in { $masked_email }. Finché quell'indirizzo non è confermato, resta in uso il tuo.
email-change-requested-cancel = Se eri tu, qui non devi fare nulla. Altrimenti annulla la modifica { $within }:
email-change-requested-cancel-link = Se eri tu, qui non devi fare nulla. Altrimenti annulla la modifica { $within } con questo link:
email-change-requested-button = Annulla la modifica
email-change-requested-advice = Poi scegli «password dimenticata» nella pagina di accesso e imposta una nuova password: questo disconnette tutti e annulla anche la modifica.

email-change-cancelled-subject = L'indirizzo e-mail del tuo account { $app_name } resta
email-change-cancelled-what = La modifica dell'indirizzo e-mail del tuo account { $app_name } in { $masked_email } è stata annullata. Resta in uso il tuo.
email-change-cancelled-advice = Se non hai chiesto quella modifica, o non l'hai annullata, scegli «password dimenticata» nella pagina di accesso e imposta subito una nuova password.

email-changed-subject = L'indirizzo e-mail del tuo account { $app_name } è stato modificato
email-changed-what = L'indirizzo e-mail principale del tuo account { $app_name } è ora { $masked_email }. D'ora in poi i messaggi sul tuo account vengono inviati lì.
email-changed-advice = Se eri tu, non devi fare nulla. Altrimenti chiedi subito aiuto ai gestori di { $app_name }.

contact-changed-subject = I recapiti del tuo account { $app_name } sono stati modificati
contact-changed-what = L'indirizzo e-mail principale o il numero di telefono del tuo account { $app_name } è stato modificato.

contact-added-subject = Nuovi recapiti per il tuo account { $app_name }
contact-added-what = { $masked } è stato aggiunto al tuo account { $app_name }. Non è ancora confermato e fino ad allora non può essere usato.

contact-verified-subject = Nuovi recapiti del tuo account { $app_name } confermati
contact-verified-what = { $masked } è stato confermato e ora fa parte del tuo account { $app_name }.

contact-removed-subject = Recapiti rimossi dal tuo account { $app_name }
contact-removed-what = { $masked } è stato rimosso dal tuo account { $app_name }.

contact-claimed-subject = Qualcuno ha usato i tuoi recapiti su { $app_name }
contact-claimed-what = Qualcuno, forse tu, ha provato ad aggiungere { $masked } a un altro account { $app_name }. Appartiene al tuo account e vi rimane; non è stato inviato alcun codice.

## Second factors and passkeys

authenticator-added-subject = App di autenticazione aggiunta al tuo account { $app_name }
authenticator-added-what = Al tuo account { $app_name } è stata aggiunta un'app di autenticazione. D'ora in poi, per accedere con la password serve anche un codice di quell'app.
authenticator-added-advice = Se eri tu, non devi fare nulla. Altrimenti scegli «password dimenticata» nella pagina di accesso, imposta una nuova password e chiedi subito aiuto ai gestori di { $app_name }.

authenticator-removed-subject = App di autenticazione rimossa dal tuo account { $app_name }
authenticator-removed-what = L'app di autenticazione del tuo account { $app_name } è stata rimossa. I suoi codici non vengono più richiesti né accettati.

sms-factor-added-subject = Codici via SMS aggiunti all'accesso al tuo account { $app_name }
sms-factor-added-what = { $masked } è ora un secondo fattore del tuo account { $app_name }. D'ora in poi, per accedere con la password serve anche un codice inviato via SMS a quel numero.

sms-factor-removed-subject = Codici via SMS rimossi dall'accesso al tuo account { $app_name }
sms-factor-removed-what = { $masked } non è più un secondo fattore del tuo account { $app_name }. Per accedere non viene più richiesto un codice inviato via SMS a quel numero.

backup-codes-made-subject = Nuovi codici di backup per il tuo account { $app_name }
backup-codes-made-what = Sono stati creati nuovi codici di backup per il tuo account { $app_name }. Quelli precedenti non vengono più accettati.

backup-code-used-subject = È stato usato un codice di backup del tuo account { $app_name }
backup-code-used-what = È stato usato un codice di backup del tuo account { $app_name } per accedere o per confermare una modifica. Codici rimasti: { $left }.
backup-code-used-last = Creane di nuovi, così potrai accedere anche senza il tuo altro secondo fattore.

passkey-added-subject = Una passkey è stata aggiunta al tuo account { $app_name }
passkey-added-what = Una passkey è stata aggiunta al tuo account { $app_name }. Chi la possiede può accedere senza la tua password.
passkey-added-advice = Se eri tu, non devi fare nulla. Altrimenti accedi, rimuovi la passkey e cambia subito la password.

passkey-removed-subject = Una passkey è stata rimossa dal tuo account { $app_name }
passkey-removed-what = Una passkey è stata rimossa dal tuo account { $app_name }. Non può più essere usata per accedere.

application-allowed-subject = Un'applicazione può usare il tuo account { $app_name }
application-allowed-what = A { $application } è stato consentito di usare il tuo account { $app_name }.
application-allowed-advice = Se eri tu, non devi fare nulla. Altrimenti accedi, revoca il consenso nell'elenco delle applicazioni e cambia subito la password.

factors-reset-subject = I secondi fattori del tuo account { $app_name } sono stati rimossi
factors-reset-what = Il gestore di { $app_name } ha rimosso i secondi fattori del tuo account: l'app di autenticazione, i codici via SMS, i codici di backup e i dispositivi ricordati. Sei stato disconnesso ovunque.
factors-reset-what-passkeys = Il gestore di { $app_name } ha rimosso i secondi fattori del tuo account: l'app di autenticazione, i codici via SMS, i codici di backup, le passkey e i dispositivi ricordati. Sei stato disconnesso ovunque.
factors-reset-advice = Se lo hai chiesto tu, accedi e aggiungi di nuovo un secondo fattore. Altrimenti scegli «password dimenticata» nella pagina di accesso, imposta subito una nuova password e avvisa il gestore.

## Deletion

deletion-scheduled-subject = Il tuo account { $app_name } verrà eliminato
deletion-scheduled-open-link = Il tuo account { $app_name } verrà eliminato il { $on }, come richiesto. Sei stato disconnesso ovunque. Fino ad allora puoi conservarlo con questo link:
deletion-scheduled-go-on = Il tuo account { $app_name } verrà eliminato il { $on }, come richiesto. Sei stato disconnesso ovunque. Fino ad allora puoi conservarlo:
deletion-scheduled-button = Conserva il mio account
deletion-scheduled-advice = Se lo hai chiesto tu, non devi fare nulla. Se non eri tu, conserva l'account, poi scegli «password dimenticata» nella pagina di accesso e impostane subito una nuova.

deletion-reminder-subject = Il tuo account { $app_name } verrà eliminato a breve
deletion-reminder-open-link = Il tuo account { $app_name } verrà eliminato il { $on }, come richiesto. Fino ad allora puoi conservarlo con questo link:
deletion-reminder-go-on = Il tuo account { $app_name } verrà eliminato il { $on }, come richiesto. Fino ad allora puoi conservarlo:
deletion-reminder-advice = Se vuoi ancora che venga eliminato, non devi fare nulla.

deletion-cancelled-subject = Il tuo account { $app_name } resta
deletion-cancelled-what = L'eliminazione del tuo account { $app_name } è stata annullata. Resta com'è.
deletion-cancelled-advice = Se non eri tu, scegli «password dimenticata» nella pagina di accesso e imposta subito una nuova password.

account-deleted-subject = Il tuo account { $app_name } è stato eliminato
account-deleted-what = Il tuo account { $app_name } è stato eliminato, come richiesto. Tutto ciò che gli apparteneva non c'è più e non può essere ripristinato.

## Exports

export-requested-subject = Un'esportazione del tuo account { $app_name }
export-requested-what = Qualcuno, speriamo tu, ha chiesto una copia di tutto ciò che contiene il tuo account { $app_name }. Può scaricarla solo chi ha effettuato l'accesso e ha appena dimostrato la propria identità.
export-requested-advice = Se eri tu, non devi fare nulla. Altrimenti scegli «password dimenticata» nella pagina di accesso e impostane subito una nuova: così terminano tutti gli accessi.

export-ready-subject = La tua esportazione da { $app_name } può essere scaricata
export-ready-what = La copia di tutto ciò che contiene il tuo account { $app_name } è pronta. Puoi scaricarla dal tuo account { $within }, dopo aver effettuato l'accesso:
export-ready-button = Vai al mio account
export-ready-advice = Se non l'hai chiesta tu, scegli «password dimenticata» nella pagina di accesso e impostane subito una nuova.

## For the operator

test-subject = E-mail di prova da { $app_name }
test-what = Questa è una prova. Se riesci a leggerla, { $app_name } può inviarti e-mail.
