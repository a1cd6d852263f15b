# Text messages. The code comes first, because it is what a phone shows of the message without opening it.
# Characters of GSM 03.38 only, and 160 at most with a name of twelve characters, so that it is one message.

sms-verify-phone = { $minutes ->
    [one] { $code } is your code for { $app_name }. It is valid for { $minutes } minute. Share it with nobody.
   *[other] { $code } is your code for { $app_name }. It is valid for { $minutes } minutes. Share it with nobody.
}
sms-sign-in = { $minutes ->
    [one] { $code } is your code to sign in to { $app_name }. It is valid for { $minutes } minute. Share it with nobody.
   *[other] { $code } is your code to sign in to { $app_name }. It is valid for { $minutes } minutes. Share it with nobody.
}
sms-test = This is a test message from { $app_name }.
