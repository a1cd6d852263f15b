sms-verify-phone = { $minutes ->
    [one] { $code } ist Ihr Code für { $app_name }. Er gilt { $minutes } Minute. Geben Sie ihn an niemanden weiter.
   *[other] { $code } ist Ihr Code für { $app_name }. Er gilt { $minutes } Minuten. Geben Sie ihn an niemanden weiter.
}
sms-sign-in = { $minutes ->
    [one] { $code } ist Ihr Code zur Anmeldung bei { $app_name }. Er gilt { $minutes } Minute. Geben Sie ihn an niemanden weiter.
   *[other] { $code } ist Ihr Code zur Anmeldung bei { $app_name }. Er gilt { $minutes } Minuten. Geben Sie ihn an niemanden weiter.
}
sms-test = Das ist eine Testnachricht von { $app_name }.
