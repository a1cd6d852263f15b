# No letters with Polish marks: GSM 03.38 lacks them, and messages in Poland usually go without.
sms-verify-phone = { $minutes ->
    [one] { $code } to Twoj kod do { $app_name }. Jest wazny przez { $minutes } minute. Nie podawaj go nikomu.
    [few] { $code } to Twoj kod do { $app_name }. Jest wazny przez { $minutes } minuty. Nie podawaj go nikomu.
    [many] { $code } to Twoj kod do { $app_name }. Jest wazny przez { $minutes } minut. Nie podawaj go nikomu.
   *[other] { $code } to Twoj kod do { $app_name }. Jest wazny przez { $minutes } minuty. Nie podawaj go nikomu.
}
sms-sign-in = { $minutes ->
    [one] { $code } to Twoj kod logowania do { $app_name }. Jest wazny przez { $minutes } minute. Nie podawaj go nikomu.
    [few] { $code } to Twoj kod logowania do { $app_name }. Jest wazny przez { $minutes } minuty. Nie podawaj go nikomu.
    [many] { $code } to Twoj kod logowania do { $app_name }. Jest wazny przez { $minutes } minut. Nie podawaj go nikomu.
   *[other] { $code } to Twoj kod logowania do { $app_name }. Jest wazny przez { $minutes } minuty. Nie podawaj go nikomu.
}
sms-test = To jest wiadomosc testowa z { $app_name }.
