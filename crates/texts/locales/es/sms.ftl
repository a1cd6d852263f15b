# No í, ó, ú: GSM 03.38 lacks them.
sms-verify-phone = { $minutes ->
    [one] { $code } es tu clave para { $app_name }. Caduca en { $minutes } minuto. No la compartas con nadie.
   *[other] { $code } es tu clave para { $app_name }. Caduca en { $minutes } minutos. No la compartas con nadie.
}
sms-sign-in = { $minutes ->
    [one] { $code } es tu clave para entrar en { $app_name }. Caduca en { $minutes } minuto. No la compartas con nadie.
   *[other] { $code } es tu clave para entrar en { $app_name }. Caduca en { $minutes } minutos. No la compartas con nadie.
}
sms-test = Este es un mensaje de prueba de { $app_name }.
