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
undo-page-caution = Isso não pode ser desfeito. Se foi você, feche esta página.
undo-page-button = Desfazer a alteração e congelar a conta
undo-page-done = A alteração foi desfeita, e sua conta está congelada até que você tenha escolhido uma nova senha.
undo-page-mailed = O e-mail para isso foi enviado a este endereço:
undo-page-without-address = A alteração foi desfeita, e sua conta está congelada. O endereço de e-mail dela agora pertence a outra conta: peça ajuda aos responsáveis por { $app_name }.

## An address that is none

not-found-page-title = Não encontrado
not-found-page-what = Não há nenhuma página neste endereço.
