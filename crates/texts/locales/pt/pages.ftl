page-continue = Continuar para { $app_name }
page-close = Você pode fechar esta página.
page-needs-script = Esta página precisa de JavaScript. Sem ele, digite o código do e-mail onde você o pediu.
page-email = Endereço de e-mail

## What the script shows

page-moment = Um momento…
page-failed = Não deu certo.
page-unreachable = Não foi possível contatar o servidor.
page-too-many = Tentativas demais. Aguarde alguns minutos.
page-without-link = Esta página só funciona a partir do link do e-mail. Abra esse link de novo.
page-link-invalid = Este link não é mais válido.

## Another mail

another-mail-what = Você pode receber outro e-mail. O link dele confirma o endereço e define uma nova senha.
another-mail-button = Enviar outro e-mail
another-mail-done = Se existir uma conta com este endereço, um e-mail com um novo link está a caminho.
another-mail-email-malformed = Isto não é um endereço de e-mail.

## /verify-email

verify-email-page-title = Confirme seu endereço de e-mail
verify-email-page-what = Confirme que esta caixa de correio é sua e que você pediu o e-mail.
verify-email-page-button = Confirmar endereço
verify-email-page-done = Seu endereço está confirmado.
verify-email-page-already = Seu endereço já está confirmado.
verify-email-page-choose-password = Seu endereço está confirmado. Agora escolha uma senha; a anterior, se havia uma, não vale mais.

## /reset-password

reset-password-page-title = Escolha uma nova senha
reset-password-page-what = Isso encerra todas as sessões da sua conta.
reset-password-page-email-hint = Somente para seu gerenciador de senhas. Não é enviado.
reset-password-page-password = Nova senha
reset-password-page-password-hint = Pelo menos { $min_length } caracteres. Qualquer caractere serve; algumas palavras sem relação entre si são uma boa escolha. Senhas comuns, seu nome e seu endereço são recusados.
reset-password-page-repeat = A mesma outra vez
reset-password-page-show = Mostrar a senha
reset-password-page-button = Definir senha
reset-password-page-done = Sua senha está definida. Sua sessão foi encerrada em todos os lugares e você já pode entrar com ela.
reset-password-page-too-short = Pelo menos { $min_length } caracteres.
reset-password-page-too-long = É longa demais.
reset-password-page-too-weak = Esta senha é fácil de adivinhar: é comum, conhecida por um vazamento ou feita do seu nome, do seu endereço ou de um padrão.
reset-password-page-used-before = Você já teve esta senha.
reset-password-page-forbidden = Caracteres de controle não são permitidos.
reset-password-page-differ = As duas senhas são diferentes.

## /keep-account

keep-account-page-title = Mantenha sua conta
keep-account-page-what = A exclusão da sua conta está agendada. Pressione o botão para manter a conta.
keep-account-page-button = Manter minha conta
keep-account-page-done = Sua conta continua. Você pode entrar de novo.

## /cancel-email-change

cancel-email-change-page-title = Cancele a mudança do seu endereço de e-mail
cancel-email-change-page-what = Um novo endereço de e-mail foi solicitado para sua conta. Pressione o botão para manter o endereço que você tem.
cancel-email-change-page-advice = Se você não pediu a mudança, escolha também “esqueci a senha” na página de entrada e defina uma nova senha.
cancel-email-change-page-button = Cancelar a mudança
cancel-email-change-page-done = A mudança foi cancelada. Seu endereço de e-mail continua como era.

## /undo

undo-page-title = Não fui eu
undo-page-what = Pressione o botão se você não fez a alteração de que o e-mail trata. Então:
undo-page-restored = Endereços de e-mail, números de telefone, senha, chaves de acesso, aplicativo autenticador e códigos de backup voltam a ser como antes. Alterações posteriores também são desfeitas. Um endereço que era novo naquele momento precisa ser confirmado de novo.
undo-page-signed-out = Todas as sessões são encerradas em todos os lugares, e uma exclusão agendada da conta é cancelada.
undo-page-frozen = A conta fica congelada até que você escolha uma nova senha. O e-mail para isso vai para o endereço principal.
undo-page-changed = A alteração foi feita neste momento:
undo-page-caution = Isso não pode ser desfeito. Se foi você, feche esta página.
undo-page-button = Desfazer e congelar a conta
undo-page-done = A alteração foi desfeita, e sua conta está congelada até que você tenha escolhido uma nova senha.
undo-page-mailed = O e-mail para isso foi enviado a este endereço:
undo-page-without-address = A alteração foi desfeita, e sua conta está congelada. O endereço de e-mail dela agora pertence a outra conta: peça ajuda aos responsáveis por { $app_name }.

undo-effect-contact-restored = { $value } volta a pertencer à conta.
undo-effect-contact-removed = { $value } é removido da conta.
undo-effect-contact-unproven = { $value } precisa ser confirmado de novo.
undo-effect-primary-email = { $value } volta a ser o endereço de e-mail principal.
undo-effect-primary-phone = { $value } volta a ser o número de telefone principal.
undo-effect-email-change-cancelled = A alteração do endereço de e-mail para { $value } é cancelada.
undo-effect-password-restored = A senha de antes da alteração volta a valer até que você escolha uma nova.
undo-effect-password-removed = A senha que foi definida é removida.
undo-effect-totp-restored = O aplicativo autenticador de antes da alteração volta a ser usado.
undo-effect-totp-removed = O aplicativo autenticador é removido.
undo-effect-sms-restored = As mensagens SMS para { $value } voltam a ser um segundo fator.
undo-effect-sms-removed = As mensagens SMS para { $value } deixam de ser um segundo fator.
undo-effect-passkey-restored = A chave de acesso { $value } volta a estar registrada.
undo-effect-passkey-removed = A chave de acesso { $value } é removida.
undo-effect-backup-codes-restored = Códigos de backup que voltam a valer: { $value }
undo-effect-backup-codes-removed = Todos os códigos de backup são anulados.
undo-effect-policy-enforced = Um segundo fator volta a ser exigido.
undo-effect-policy-none = Um segundo fator deixa de ser exigido.
undo-effect-application-withdrawn = { $value } deixa de ter qualquer permissão.
undo-effect-deletion-cancelled = A exclusão agendada da conta é cancelada.
undo-effect-unchanged = Endereços, números, senha e fatores estão como antes da alteração.
undo-effect-sign-ins-ended = Sessões que terminam: { $value }
undo-effect-reset-mailed = O e-mail para uma nova senha vai para { $value }.
undo-effect-reset-not-mailed = Nenhum e-mail para uma nova senha pode ser enviado, porque não resta nenhum endereço de e-mail confirmado.

## /oauth/authorize: sign-in

oauth-sign-in-title = Entrar
oauth-sign-in-what = Entre para continuar para { $application }.
oauth-sign-in-identifier = Endereço de e-mail ou nome de usuário
oauth-sign-in-password = Senha
oauth-sign-in-button = Entrar
oauth-passkey-button = Entrar com uma chave de acesso
oauth-sign-in-cancel = Cancelar e voltar para { $application }

## /oauth/authorize: second step

oauth-second-step-title = Confirme que é você
oauth-second-step-email = Um e-mail com um código está a caminho de { $address }.
oauth-second-step-sms = Um SMS com um código está a caminho de { $address }. Você também pode digitar um dos seus códigos de backup.
oauth-second-step-backup-code = Não estão sendo enviados SMS agora. Digite um dos seus códigos de backup.
oauth-second-step-passkey = Sua conta pede uma chave de acesso. Você também pode digitar um dos seus códigos de backup.
oauth-second-step-otp = Digite o código que seu app autenticador mostra, ou um dos seus códigos de backup.
oauth-second-step-code = Código
oauth-second-step-button = Continuar
oauth-second-step-again = Entrar de novo

## /oauth/authorize: why a form is shown again

oauth-failure-stale = Esta página ficou aberta por tempo demais. Tente de novo.
oauth-failure-credentials = Endereço de e-mail, nome de usuário ou senha errados.
oauth-failure-disabled = Esta conta está desativada.
oauth-failure-frozen = Esta conta está congelada até que você escolha uma nova senha. O e-mail para isso foi enviado ao seu endereço principal.
oauth-failure-code = Este código está errado ou já foi usado.
oauth-failure-expired-code = Este código expirou.
oauth-failure-passkey = Esta chave de acesso não foi aceita.

## /oauth/authorize: consent

oauth-consent-title = Permitir { $application }?
oauth-consent-what = Você entrou como { $user }. Se você permitir, { $application } poderá:
oauth-consent-returns = Depois você voltará para { $address }. Você pode retirar essa permissão a qualquer momento na sua conta.
oauth-consent-allow-button = Permitir
oauth-consent-deny-button = Não permitir
oauth-consent-again = Usar outra conta

oauth-scope-openid = saber quem você é
oauth-scope-profile = ver seu nome, imagem, idioma e fuso horário
oauth-scope-email = ver seu endereço de e-mail
oauth-scope-phone = ver seu número de telefone
oauth-scope-offline-access = manter o acesso enquanto você está ausente
oauth-scope-profile-read = ler todo o seu perfil
oauth-scope-profile-write = ler e alterar seu perfil
oauth-scope-security-read = ver suas sessões, dispositivos e formas de entrar
oauth-scope-security-write = alterar sua senha, seus endereços, fatores e sessões, e excluir sua conta

## /oauth/logout

oauth-sign-out-title = Sair
oauth-sign-out-question = Sair?
oauth-sign-out-what = Um aplicativo pede para encerrar suas sessões neste navegador.
oauth-sign-out-button = Sair
oauth-signed-out-title = Sessão encerrada
oauth-signed-out-what = Sua sessão foi encerrada neste navegador. Você pode fechar esta página.

## /oauth/authorize and /oauth/logout: a request of an application that is not known

oauth-error-title = Isso não funcionou
oauth-error-what = Volte ao aplicativo e tente de novo. Se isso acontecer novamente, avise o operador dele.
oauth-error-repeated = A solicitação indica duas vezes seu aplicativo ou seu endereço.
oauth-error-unknown-application = Este aplicativo não está registrado aqui.
oauth-error-foreign-address = O endereço de retorno não é um deste aplicativo.
oauth-error-busy = O serviço está sobrecarregado no momento.
oauth-error-server = Algo deu errado do nosso lado.

## An address that is none

not-found-page-title = Não encontrado
not-found-page-what = Não há nenhuma página neste endereço.
