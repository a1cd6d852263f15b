## Parts of every mail

mail-hello = Olá,
mail-hello-name = Olá, { $name },
mail-when = Data e hora: { $time }
mail-device = Dispositivo: { $device }
mail-address = Endereço IP: { $ip }
mail-address-in = Endereço IP: { $ip } ({ $place })
mail-automatic = Mensagem enviada automaticamente. As respostas a este e-mail não são lidas.
mail-or-link = Ou abra este link:
mail-button-fallback = Se o botão não funcionar, abra este endereço: { $link }

device-words = { $browser } em { $system }

within-minutes = { $count ->
    [one] no prazo de { $count } minuto
   *[other] no prazo de { $count } minutos
}
within-hours = { $count ->
    [one] no prazo de { $count } hora
   *[other] no prazo de { $count } horas
}
within-days = { $count ->
    [one] no prazo de { $count } dia
   *[other] no prazo de { $count } dias
}

advice-new-one = Se foi você, não precisa fazer nada. Se não foi, escolha “esqueci a senha” na página de entrada e defina imediatamente uma nova.
advice-new-password = Se foi você, não precisa fazer nada. Se não foi, escolha “esqueci a senha” na página de entrada e defina imediatamente uma nova senha.
advice-unchanged = Se não foi você, pode ignorar este e-mail: sua conta não mudou.

undo-open-link = Se foi você, não precisa fazer nada. Se não foi, desfaça a alteração { $within } com este link:
undo-go-on = Se foi você, não precisa fazer nada. Se não foi, desfaça a alteração { $within }:
undo-button = Não fui eu
undo-what = Sua conta volta então a ser como antes, sua sessão é encerrada em todos os lugares e ninguém pode entrar até que você tenha escolhido uma nova senha.

## Proofs

verify-email-subject = Confirme seu endereço de e-mail para { $app_name }
verify-email-enter-code = Confirme que este endereço de e-mail é seu. Digite este código { $within }:
verify-email-or-click = Ou confirme com um clique:
verify-email-button = Confirmar meu endereço
verify-email-caution = Faça isso somente se você mesmo acabou de se cadastrar. Se não foi você, ignore este e-mail: sem ele ninguém consegue prosseguir.

confirm-email-change-subject = Confirme seu novo endereço de e-mail para { $app_name }
confirm-email-change-enter-code = Você pediu para usar este endereço de e-mail na sua conta { $app_name }. Digite este código { $within }:
confirm-email-change-caution = Se não foi você, pode ignorar este e-mail: sem o código, seu endereço não é adicionado a nenhuma conta.

invitation-subject = Uma conta para você em { $app_name }
invitation-open-link = Uma conta em { $app_name } foi criada para você. Para confirmar seu endereço de e-mail e escolher uma senha, abra este link { $within }:
invitation-go-on = Uma conta em { $app_name } foi criada para você. Para confirmar seu endereço de e-mail e escolher uma senha, continue { $within }:
invitation-button = Configurar sua conta
invitation-caution = Se você não esperava este e-mail, pode ignorá-lo: sem o link ninguém pode usar a conta.

reset-password-subject = Escolha uma nova senha para { $app_name }
reset-password-enter-code = Para escolher uma nova senha, digite este código { $within }:
reset-password-or-click = Ou continue com um clique:
reset-password-open-link = Para escolher uma nova senha, abra este link { $within }:
reset-password-go-on = Para escolher uma nova senha, continue { $within }:
reset-password-button = Escolher nova senha
reset-password-caution = Se não foi você, pode ignorar este e-mail: sua senha continua a mesma.

already-registered-subject = Você já tem uma conta em { $app_name }
already-registered-what = Alguém, talvez você, tentou se cadastrar em { $app_name } com este endereço de e-mail. Ele já pertence a uma conta, por isso não foi criada outra. Entre como de costume; se você esqueceu a senha, peça ali uma nova.

## Passwords and sign-ins

password-changed-subject = Sua senha de { $app_name } foi alterada
password-changed-what = A senha da sua conta { $app_name } foi alterada. Sua sessão foi encerrada em todos os outros lugares em que estava aberta.

password-removed-subject = Sua senha de { $app_name } foi removida
password-removed-what = A senha da sua conta { $app_name } foi removida. De agora em diante, você entra com uma chave de acesso. Sua sessão foi encerrada em todos os outros lugares em que estava aberta.

new-sign-in-subject = Nova entrada na sua conta { $app_name }
new-sign-in-what = Alguém, esperamos que você, entrou na sua conta { $app_name } a partir de um dispositivo ou de uma rede que ainda não tinha sido usada para isso.
new-sign-in-advice = Se foi você, não precisa fazer nada. Se não foi, escolha “esqueci a senha” na página de entrada e defina imediatamente uma nova: isso encerra todas as sessões.

change-undone-subject = Uma alteração da sua conta { $app_name } foi desfeita
change-undone-what = Alguém pressionou “Não fui eu” em um e-mail sobre a sua conta { $app_name }. Endereços de e-mail, números de telefone, senha e fatores estão de novo como antes da alteração de que o e-mail tratava, e todas as sessões foram encerradas.
change-undone-mailed = A conta está congelada até que uma nova senha seja escolhida. O e-mail para isso foi enviado a { $masked_email }.
change-undone-without-address = A conta está congelada e não tem um endereço que possa receber o e-mail para uma nova senha. Peça ajuda aos responsáveis por { $app_name }.
change-undone-advice = Se ninguém deveria ter feito isso, peça imediatamente ajuda aos responsáveis por { $app_name }.

## Addresses and numbers

email-change-requested-subject = Um novo endereço de e-mail para sua conta { $app_name }?
email-change-requested-what = Alguém, esperamos que você, pediu para mudar o endereço de e-mail da sua conta { $app_name } para { $masked_email }. Até que esse endereço seja confirmado, o seu continua em uso.
email-change-requested-cancel = Se foi você, não precisa fazer nada aqui. Se não foi, cancele a mudança { $within }:
email-change-requested-cancel-link = Se foi você, não precisa fazer nada aqui. Se não foi, cancele a mudança { $within } com este link:
email-change-requested-button = Cancelar a mudança
email-change-requested-advice = Depois escolha “esqueci a senha” na página de entrada e defina uma nova senha: isso encerra todas as sessões e também cancela a mudança.

email-change-cancelled-subject = O endereço de e-mail da sua conta { $app_name } continua o mesmo
email-change-cancelled-what = A mudança do endereço de e-mail da sua conta { $app_name } para { $masked_email } foi cancelada. O seu continua em uso.
email-change-cancelled-advice = Se você não pediu essa mudança, ou não a cancelou, escolha “esqueci a senha” na página de entrada e defina imediatamente uma nova senha.

email-changed-subject = O endereço de e-mail da sua conta { $app_name } foi alterado
email-changed-what = O endereço de e-mail principal da sua conta { $app_name } agora é { $masked_email }. De agora em diante, os e-mails sobre sua conta vão para lá.
email-changed-advice = Se foi você, não precisa fazer nada. Se não foi, peça imediatamente ajuda aos responsáveis por { $app_name }.

contact-changed-subject = Os dados de contato da sua conta { $app_name } foram alterados
contact-changed-what = O endereço de e-mail principal ou o número de telefone da sua conta { $app_name } foi alterado.

contact-added-subject = Novos dados de contato para sua conta { $app_name }
contact-added-what = { $masked } foi adicionado à sua conta { $app_name }. Ainda não está confirmado e, até lá, não pode ser usado para nada.

contact-verified-subject = Novos dados de contato da sua conta { $app_name } confirmados
contact-verified-what = { $masked } foi confirmado e agora pertence à sua conta { $app_name }.

contact-removed-subject = Dados de contato removidos da sua conta { $app_name }
contact-removed-what = { $masked } foi removido da sua conta { $app_name }.

contact-claimed-subject = Alguém usou seus dados de contato em { $app_name }
contact-claimed-what = Alguém, talvez você, tentou adicionar { $masked } a outra conta { $app_name }. Isso pertence à sua conta e continua nela; nenhum código foi enviado.

## Second factors and passkeys

authenticator-added-subject = App autenticador adicionado à sua conta { $app_name }
authenticator-added-what = Um app autenticador foi adicionado à sua conta { $app_name }. De agora em diante, para entrar com sua senha também é preciso um código desse app.
authenticator-added-advice = Se foi você, não precisa fazer nada. Se não foi, escolha “esqueci a senha” na página de entrada, defina uma nova senha e peça imediatamente ajuda aos responsáveis por { $app_name }.

authenticator-removed-subject = App autenticador removido da sua conta { $app_name }
authenticator-removed-what = O app autenticador da sua conta { $app_name } foi removido. Seus códigos não são mais pedidos nem aceitos.

sms-factor-added-subject = Códigos por SMS adicionados ao acesso à sua conta { $app_name }
sms-factor-added-what = { $masked } agora é um segundo fator da sua conta { $app_name }. De agora em diante, para entrar com sua senha também é preciso um código enviado por SMS a esse número.

sms-factor-removed-subject = Códigos por SMS removidos do acesso à sua conta { $app_name }
sms-factor-removed-what = { $masked } não é mais um segundo fator da sua conta { $app_name }. Ao entrar, não é mais pedido um código enviado por SMS a esse número.

backup-codes-made-subject = Novos códigos de backup para sua conta { $app_name }
backup-codes-made-what = Novos códigos de backup foram criados para sua conta { $app_name }. Os anteriores não são mais aceitos.

backup-code-used-subject = Um código de backup da sua conta { $app_name } foi usado
backup-code-used-what = Um código de backup da sua conta { $app_name } foi usado para entrar ou para confirmar uma mudança. Códigos restantes: { $left }.
backup-code-used-last = Crie novos, para poder entrar sem seu outro segundo fator.

passkey-added-subject = Uma chave de acesso foi adicionada à sua conta { $app_name }
passkey-added-what = Uma chave de acesso foi adicionada à sua conta { $app_name }. Quem a tiver pode entrar sem sua senha.
passkey-added-advice = Se foi você, não precisa fazer nada. Se não foi, entre na conta, remova a chave de acesso e mude sua senha imediatamente.

passkey-removed-subject = Uma chave de acesso foi removida da sua conta { $app_name }
passkey-removed-what = Uma chave de acesso foi removida da sua conta { $app_name }. Ela não pode mais ser usada para entrar.

application-allowed-subject = Um aplicativo pode usar sua conta { $app_name }
application-allowed-what = { $application } recebeu permissão para usar sua conta { $app_name }.
application-allowed-advice = Se foi você, não precisa fazer nada. Se não foi, entre na conta, retire a permissão na lista de aplicativos e mude sua senha imediatamente.

factors-reset-subject = Os segundos fatores da sua conta { $app_name } foram removidos
factors-reset-what = O operador de { $app_name } removeu os segundos fatores da sua conta: o app autenticador, os códigos por SMS, os códigos de backup e os dispositivos lembrados. Sua sessão foi encerrada em todos os lugares.
factors-reset-what-passkeys = O operador de { $app_name } removeu os segundos fatores da sua conta: o app autenticador, os códigos por SMS, os códigos de backup, as chaves de acesso e os dispositivos lembrados. Sua sessão foi encerrada em todos os lugares.
factors-reset-advice = Se você pediu isso, entre e adicione novamente um segundo fator. Se não pediu, escolha “esqueci a senha” na página de entrada, defina imediatamente uma nova senha e avise o operador.

## Deletion

deletion-scheduled-subject = Sua conta { $app_name } será excluída
deletion-scheduled-open-link = Sua conta { $app_name } será excluída em { $on }, conforme solicitado. Sua sessão foi encerrada em todos os lugares. Até lá, você pode mantê-la com este link:
deletion-scheduled-go-on = Sua conta { $app_name } será excluída em { $on }, conforme solicitado. Sua sessão foi encerrada em todos os lugares. Até lá, você pode mantê-la:
deletion-scheduled-button = Manter minha conta
deletion-scheduled-advice = Se você pediu isso, não precisa fazer nada. Se não foi você, mantenha a conta, depois escolha “esqueci a senha” na página de entrada e defina imediatamente uma nova.

deletion-reminder-subject = Sua conta { $app_name } será excluída em breve
deletion-reminder-open-link = Sua conta { $app_name } será excluída em { $on }, conforme solicitado. Até lá, você pode mantê-la com este link:
deletion-reminder-go-on = Sua conta { $app_name } será excluída em { $on }, conforme solicitado. Até lá, você pode mantê-la:
deletion-reminder-advice = Se você ainda quer que ela seja excluída, não precisa fazer nada.

deletion-cancelled-subject = Sua conta { $app_name } continua
deletion-cancelled-what = A exclusão da sua conta { $app_name } foi cancelada. Ela continua como está.
deletion-cancelled-advice = Se não foi você, escolha “esqueci a senha” na página de entrada e defina imediatamente uma nova senha.

account-deleted-subject = Sua conta { $app_name } foi excluída
account-deleted-what = Sua conta { $app_name } foi excluída, conforme solicitado. Tudo o que pertencia a ela se foi e não pode ser restaurado.

## Exports

export-requested-subject = Uma exportação da sua conta { $app_name }
export-requested-what = Alguém, esperamos que você, pediu uma cópia de tudo o que sua conta { $app_name } contém. Só pode baixá-la quem entrou na conta e acabou de comprovar quem é.
export-requested-advice = Se foi você, não precisa fazer nada. Se não foi, escolha “esqueci a senha” na página de entrada e defina imediatamente uma nova: isso encerra todas as sessões.

export-ready-subject = Sua exportação de { $app_name } pode ser baixada
export-ready-what = A cópia de tudo o que sua conta { $app_name } contém está pronta. Você pode baixá-la na sua conta { $within }, depois de entrar:
export-ready-button = Ir para minha conta
export-ready-advice = Se você não pediu isso, escolha “esqueci a senha” na página de entrada e defina imediatamente uma nova.

## For the operator

test-subject = E-mail de teste de { $app_name }
test-what = Isto é um teste. Se você consegue lê-lo, { $app_name } pode enviar e-mails a você.
