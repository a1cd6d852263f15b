# No ó, á, ã, í, ç: GSM 03.38 lacks them.
sms-verify-phone = { $minutes ->
    [one] { $code } para confirmar seu telefone em { $app_name }. Expira em { $minutes } minuto. Nunca o compartilhe.
   *[other] { $code } para confirmar seu telefone em { $app_name }. Expira em { $minutes } minutos. Nunca o compartilhe.
}
sms-sign-in = { $minutes ->
    [one] { $code } serve para entrar em { $app_name }. Expira em { $minutes } minuto. Nunca o compartilhe.
   *[other] { $code } serve para entrar em { $app_name }. Expira em { $minutes } minutos. Nunca o compartilhe.
}
sms-test = Esta mensagem de { $app_name } serve de teste.
