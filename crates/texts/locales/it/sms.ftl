# No È: GSM 03.38 lacks it.
sms-verify-phone = { $minutes ->
    [one] { $code } è il tuo codice per { $app_name }. Vale per { $minutes } minuto. Non condividerlo con nessuno.
   *[other] { $code } è il tuo codice per { $app_name }. Vale per { $minutes } minuti. Non condividerlo con nessuno.
}
sms-sign-in = { $minutes ->
    [one] { $code } è il tuo codice per accedere a { $app_name }. Vale per { $minutes } minuto. Non condividerlo con nessuno.
   *[other] { $code } è il tuo codice per accedere a { $app_name }. Vale per { $minutes } minuti. Non condividerlo con nessuno.
}
sms-test = Questo è un messaggio di prova da { $app_name }.
