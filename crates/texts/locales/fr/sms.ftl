# No ê, ç, ô: GSM 03.38 lacks them.
sms-verify-phone = { $minutes ->
    [one] { $code } est votre code pour { $app_name }. Il est valable { $minutes } minute. Ne le communiquez à personne.
   *[other] { $code } est votre code pour { $app_name }. Il est valable { $minutes } minutes. Ne le communiquez à personne.
}
sms-sign-in = { $minutes ->
    [one] { $code } est votre code de connexion à { $app_name }. Il est valable { $minutes } minute. Ne le communiquez à personne.
   *[other] { $code } est votre code de connexion à { $app_name }. Il est valable { $minutes } minutes. Ne le communiquez à personne.
}
sms-test = Ceci est un message de test de { $app_name }.
