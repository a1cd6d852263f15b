sms-verify-phone = { $minutes ->
    [one] { $code } is je code voor { $app_name }. Hij is { $minutes } minuut geldig. Deel hem met niemand.
   *[other] { $code } is je code voor { $app_name }. Hij is { $minutes } minuten geldig. Deel hem met niemand.
}
sms-sign-in = { $minutes ->
    [one] { $code } is je code om in te loggen bij { $app_name }. Hij is { $minutes } minuut geldig. Deel hem met niemand.
   *[other] { $code } is je code om in te loggen bij { $app_name }. Hij is { $minutes } minuten geldig. Deel hem met niemand.
}
sms-test = Dit is een testbericht van { $app_name }.
