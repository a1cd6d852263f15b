# Not in GSM 03.38, so 70 characters at most.
sms-verify-phone = { $minutes ->
   *[other] { $code } 是您的 { $app_name } 验证码，{ $minutes } 分钟内有效。请勿告诉任何人。
}
sms-sign-in = { $minutes ->
   *[other] { $code } 是您登录 { $app_name } 的验证码，{ $minutes } 分钟内有效。请勿告诉任何人。
}
sms-test = 这是来自 { $app_name } 的测试短信。
