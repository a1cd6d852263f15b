# Not in GSM 03.38, so 70 characters at most.
sms-verify-phone = { $minutes ->
   *[other] { $code } は { $app_name } の確認コードです。{ $minutes } 分間有効です。誰にも教えないでください。
}
sms-sign-in = { $minutes ->
   *[other] { $code } は { $app_name } のログインコードです。{ $minutes } 分間有効です。誰にも教えないでください。
}
sms-test = これは { $app_name } からのテストメッセージです。
