## Parts of every mail

mail-hello = Bonjour,
mail-hello-name = Bonjour { $name },
mail-when = Date et heure : { $time }
mail-device = Appareil : { $device }
mail-address = Adresse IP : { $ip }
mail-address-in = Adresse IP : { $ip } ({ $place })
mail-automatic = Message envoyé automatiquement. Les réponses à cet e-mail ne sont pas lues.
mail-or-link = Ou ouvrez ce lien :
mail-button-fallback = Si le bouton ne fonctionne pas, ouvrez cette adresse : { $link }

device-words = { $browser } sur { $system }

within-minutes = { $count ->
    [one] dans un délai de { $count } minute
   *[other] dans un délai de { $count } minutes
}
within-hours = { $count ->
    [one] dans un délai de { $count } heure
   *[other] dans un délai de { $count } heures
}
within-days = { $count ->
    [one] dans un délai de { $count } jour
   *[other] dans un délai de { $count } jours
}

advice-new-one = Si c'était vous, vous n'avez rien à faire. Sinon, choisissez « mot de passe oublié » sur la page de connexion et définissez-en immédiatement un nouveau.
advice-new-password = Si c'était vous, vous n'avez rien à faire. Sinon, choisissez « mot de passe oublié » sur la page de connexion et définissez immédiatement un nouveau mot de passe.
advice-unchanged = Si ce n'était pas vous, vous pouvez ignorer cet e-mail : votre compte n'a pas changé.

undo-open-link = Si c'était vous, vous n'avez rien à faire. Sinon, annulez ce changement { $within } avec ce lien :
undo-go-on = Si c'était vous, vous n'avez rien à faire. Sinon, annulez ce changement { $within } :
undo-button = Ce n'était pas moi
undo-what = Votre compte redevient alors comme avant, vous êtes déconnecté partout, et personne ne peut se connecter tant que vous n'avez pas choisi un nouveau mot de passe.

## Proofs

verify-email-subject = Confirmez votre adresse e-mail pour { $app_name }
verify-email-enter-code = Veuillez confirmer que cette adresse e-mail est la vôtre. Saisissez ce code { $within } :
verify-email-or-click = Ou confirmez en un clic :
verify-email-button = Confirmer mon adresse
verify-email-caution = Ne le faites que si vous venez de vous inscrire vous-même. Si ce n'était pas vous, ignorez cet e-mail : sans lui, personne ne peut aller plus loin.

confirm-email-change-subject = Confirmez votre nouvelle adresse e-mail pour { $app_name }
confirm-email-change-enter-code = Vous avez demandé à utiliser cette adresse e-mail pour votre compte { $app_name }. Saisissez ce code { $within } :
confirm-email-change-caution = Si ce n'était pas vous, vous pouvez ignorer cet e-mail : sans le code, votre adresse n'est ajoutée à aucun compte.

invitation-subject = Un compte pour vous sur { $app_name }
invitation-open-link = Un compte a été créé pour vous sur { $app_name }. Pour confirmer votre adresse e-mail et choisir un mot de passe, ouvrez ce lien { $within } :
invitation-go-on = Un compte a été créé pour vous sur { $app_name }. Pour confirmer votre adresse e-mail et choisir un mot de passe, continuez { $within } :
invitation-button = Configurer votre compte
invitation-caution = Si vous n'attendiez pas cet e-mail, vous pouvez l'ignorer : sans le lien, personne ne peut utiliser le compte.

reset-password-subject = Choisissez un nouveau mot de passe pour { $app_name }
reset-password-enter-code = Pour choisir un nouveau mot de passe, saisissez ce code { $within } :
reset-password-or-click = Ou continuez en un clic :
reset-password-open-link = Pour choisir un nouveau mot de passe, ouvrez ce lien { $within } :
reset-password-go-on = Pour choisir un nouveau mot de passe, continuez { $within } :
reset-password-button = Changer de mot de passe
reset-password-caution = Si ce n'était pas vous, vous pouvez ignorer cet e-mail : votre mot de passe reste inchangé.

already-registered-subject = Vous avez déjà un compte sur { $app_name }
already-registered-what = Quelqu'un, peut-être vous, a essayé de s'inscrire sur { $app_name } avec cette adresse e-mail. Elle appartient déjà à un compte, aucun nouveau compte n'a donc été créé. Connectez-vous comme d'habitude ; si vous avez oublié votre mot de passe, demandez-en un nouveau sur cette page.

## Passwords and sign-ins

password-changed-subject = Votre mot de passe { $app_name } a été modifié
password-changed-what = Le mot de passe de votre compte { $app_name } a été modifié. Partout ailleurs où vous étiez connecté, vous avez été déconnecté.

password-removed-subject = Votre mot de passe { $app_name } a été supprimé
password-removed-what = Le mot de passe de votre compte { $app_name } a été supprimé. Vous vous connectez désormais avec une clé d'accès. Partout ailleurs où vous étiez connecté, vous avez été déconnecté.

new-sign-in-subject = Nouvelle connexion à votre compte { $app_name }
new-sign-in-what = Quelqu'un, vous nous l'espérons, s'est connecté à votre compte { $app_name } depuis un appareil ou un réseau qui n'avait encore jamais été utilisé pour cela.
new-sign-in-advice = Si c'était vous, vous n'avez rien à faire. Sinon, choisissez « mot de passe oublié » sur la page de connexion et définissez-en immédiatement un nouveau : toutes les connexions prendront fin.

change-undone-subject = Une modification de votre compte { $app_name } a été annulée
change-undone-what = Quelqu'un a appuyé sur « Ce n'était pas moi » dans un e-mail au sujet de votre compte { $app_name }. Ses adresses e-mail, ses numéros de téléphone, son mot de passe et ses facteurs sont redevenus comme avant la modification dont parlait l'e-mail, et tout le monde a été déconnecté.
change-undone-mailed = Le compte est gelé jusqu'à ce qu'un nouveau mot de passe soit choisi. L'e-mail pour cela a été envoyé à { $masked_email }.
change-undone-without-address = Le compte est gelé et n'a aucune adresse e-mail qui pourrait recevoir l'e-mail pour un nouveau mot de passe. Demandez de l'aide aux responsables de { $app_name }.
change-undone-advice = Si personne n'aurait dû faire cela, demandez immédiatement de l'aide aux responsables de { $app_name }.

## Addresses and numbers

email-change-requested-subject = Une nouvelle adresse e-mail pour votre compte { $app_name } ?
email-change-requested-what = Quelqu'un, vous nous l'espérons, a demandé à remplacer l'adresse e-mail de votre compte { $app_name } par { $masked_email }. Tant que cette adresse n'est pas confirmée, la vôtre reste utilisée.
email-change-requested-cancel = Si c'était vous, vous n'avez rien à faire ici. Sinon, annulez le changement { $within } :
email-change-requested-cancel-link = Si c'était vous, vous n'avez rien à faire ici. Sinon, annulez le changement { $within } avec ce lien :
email-change-requested-button = Annuler le changement
email-change-requested-advice = Choisissez ensuite « mot de passe oublié » sur la page de connexion et définissez un nouveau mot de passe : cela déconnecte tout le monde et annule aussi le changement.

email-change-cancelled-subject = L'adresse e-mail de votre compte { $app_name } est conservée
email-change-cancelled-what = Le remplacement de l'adresse e-mail de votre compte { $app_name } par { $masked_email } a été annulé. La vôtre reste utilisée.
email-change-cancelled-advice = Si vous n'avez pas demandé ce changement, ou si vous ne l'avez pas annulé, choisissez « mot de passe oublié » sur la page de connexion et définissez immédiatement un nouveau mot de passe.

email-changed-subject = L'adresse e-mail de votre compte { $app_name } a été modifiée
email-changed-what = L'adresse e-mail principale de votre compte { $app_name } est désormais { $masked_email }. Les messages concernant votre compte y seront envoyés à partir de maintenant.
email-changed-advice = Si c'était vous, vous n'avez rien à faire. Sinon, demandez immédiatement de l'aide aux responsables de { $app_name }.

contact-changed-subject = Les coordonnées de votre compte { $app_name } ont été modifiées
contact-changed-what = L'adresse e-mail principale ou le numéro de téléphone de votre compte { $app_name } a été modifié.

contact-added-subject = Nouvelles coordonnées pour votre compte { $app_name }
contact-added-what = { $masked } a été ajouté à votre compte { $app_name }, mais n'est pas encore confirmé et ne peut servir à rien d'ici là.

contact-verified-subject = Nouvelles coordonnées confirmées pour votre compte { $app_name }
contact-verified-what = { $masked } a été confirmé et fait maintenant partie de votre compte { $app_name }.

contact-removed-subject = Coordonnées supprimées de votre compte { $app_name }
contact-removed-what = { $masked } a été supprimé de votre compte { $app_name }.

contact-claimed-subject = Quelqu'un a utilisé vos coordonnées sur { $app_name }
contact-claimed-what = Quelqu'un, peut-être vous, a essayé d'ajouter { $masked } à un autre compte { $app_name }. Cela fait partie de votre compte et y reste ; aucun code n'a été envoyé.

## Second factors and passkeys

authenticator-added-subject = Application d'authentification ajoutée à votre compte { $app_name }
authenticator-added-what = Une application d'authentification a été ajoutée à votre compte { $app_name }. Désormais, la connexion avec votre mot de passe nécessite aussi un code de cette application.
authenticator-added-advice = Si c'était vous, vous n'avez rien à faire. Sinon, choisissez « mot de passe oublié » sur la page de connexion, définissez un nouveau mot de passe et demandez immédiatement de l'aide aux responsables de { $app_name }.

authenticator-removed-subject = Application d'authentification supprimée de votre compte { $app_name }
authenticator-removed-what = L'application d'authentification de votre compte { $app_name } a été supprimée. Ses codes ne sont plus demandés ni acceptés.

sms-factor-added-subject = Codes par SMS ajoutés à la connexion de votre compte { $app_name }
sms-factor-added-what = { $masked } est désormais un second facteur de votre compte { $app_name }. La connexion avec votre mot de passe nécessite maintenant aussi un code envoyé par SMS à ce numéro.

sms-factor-removed-subject = Codes par SMS retirés de la connexion de votre compte { $app_name }
sms-factor-removed-what = { $masked } n'est plus un second facteur de votre compte { $app_name }. La connexion ne demande plus de code envoyé par SMS à ce numéro.

backup-codes-made-subject = Nouveaux codes de secours pour votre compte { $app_name }
backup-codes-made-what = De nouveaux codes de secours ont été créés pour votre compte { $app_name }. Les précédents ne sont plus acceptés.

backup-code-used-subject = Un code de secours de votre compte { $app_name } a été utilisé
backup-code-used-what = Un code de secours de votre compte { $app_name } a été utilisé pour se connecter ou pour confirmer un changement. Codes restants : { $left }.
backup-code-used-last = Créez-en de nouveaux, afin de pouvoir vous connecter sans votre autre second facteur.

passkey-added-subject = Une clé d'accès a été ajoutée à votre compte { $app_name }
passkey-added-what = Une clé d'accès a été ajoutée à votre compte { $app_name }. Quiconque la possède peut se connecter sans votre mot de passe.
passkey-added-advice = Si c'était vous, vous n'avez rien à faire. Sinon, connectez-vous, supprimez la clé d'accès et changez immédiatement votre mot de passe.

passkey-removed-subject = Une clé d'accès a été supprimée de votre compte { $app_name }
passkey-removed-what = Une clé d'accès a été supprimée de votre compte { $app_name }. Elle ne peut plus servir à se connecter.

application-allowed-subject = Une application peut utiliser votre compte { $app_name }
application-allowed-what = { $application } a été autorisée à utiliser votre compte { $app_name }.
application-allowed-advice = Si c'était vous, vous n'avez rien à faire. Sinon, connectez-vous, retirez cette autorisation dans la liste des applications et changez immédiatement votre mot de passe.

factors-reset-subject = Les seconds facteurs de votre compte { $app_name } ont été supprimés
factors-reset-what = L'opérateur de { $app_name } a supprimé les seconds facteurs de votre compte : l'application d'authentification, les codes par SMS, les codes de secours et les appareils mémorisés. Vous avez été déconnecté partout.
factors-reset-what-passkeys = L'opérateur de { $app_name } a supprimé les seconds facteurs de votre compte : l'application d'authentification, les codes par SMS, les codes de secours, les clés d'accès et les appareils mémorisés. Vous avez été déconnecté partout.
factors-reset-advice = Si vous l'avez demandé, connectez-vous et ajoutez de nouveau un second facteur. Sinon, choisissez « mot de passe oublié » sur la page de connexion, définissez immédiatement un nouveau mot de passe et prévenez l'opérateur.

## Deletion

deletion-scheduled-subject = Votre compte { $app_name } sera supprimé
deletion-scheduled-open-link = Votre compte { $app_name } sera supprimé le { $on }, comme demandé. Vous avez été déconnecté partout. Jusque-là, vous pouvez le conserver avec ce lien :
deletion-scheduled-go-on = Votre compte { $app_name } sera supprimé le { $on }, comme demandé. Vous avez été déconnecté partout. Jusque-là, vous pouvez le conserver :
deletion-scheduled-button = Conserver mon compte
deletion-scheduled-advice = Si vous l'avez demandé, vous n'avez rien à faire. Si ce n'était pas vous, conservez le compte, puis choisissez « mot de passe oublié » sur la page de connexion et définissez-en immédiatement un nouveau.

deletion-reminder-subject = Votre compte { $app_name } sera bientôt supprimé
deletion-reminder-open-link = Votre compte { $app_name } sera supprimé le { $on }, comme demandé. Jusque-là, vous pouvez le conserver avec ce lien :
deletion-reminder-go-on = Votre compte { $app_name } sera supprimé le { $on }, comme demandé. Jusque-là, vous pouvez le conserver :
deletion-reminder-advice = Si vous souhaitez toujours qu'il soit supprimé, vous n'avez rien à faire.

deletion-cancelled-subject = Votre compte { $app_name } est conservé
deletion-cancelled-what = La suppression de votre compte { $app_name } a été annulée. Il reste tel quel.
deletion-cancelled-advice = Si ce n'était pas vous, choisissez « mot de passe oublié » sur la page de connexion et définissez immédiatement un nouveau mot de passe.

account-deleted-subject = Votre compte { $app_name } a été supprimé
account-deleted-what = Votre compte { $app_name } a été supprimé, comme demandé. Tout ce qui lui appartenait a disparu et ne peut pas être restauré.

## Exports

export-requested-subject = Un export de votre compte { $app_name }
export-requested-what = Quelqu'un, vous nous l'espérons, a demandé une copie de tout ce que contient votre compte { $app_name }. Seule une personne connectée qui vient de prouver son identité peut la télécharger.
export-requested-advice = Si c'était vous, vous n'avez rien à faire. Sinon, choisissez « mot de passe oublié » sur la page de connexion et définissez-en immédiatement un nouveau : toutes les connexions prendront fin.

export-ready-subject = Votre export { $app_name } peut être téléchargé
export-ready-what = La copie de tout ce que contient votre compte { $app_name } est prête. Vous pouvez la télécharger depuis votre compte { $within }, après vous être connecté :
export-ready-button = Accéder à mon compte
export-ready-advice = Si vous ne l'avez pas demandée, choisissez « mot de passe oublié » sur la page de connexion et définissez-en immédiatement un nouveau.

## For the operator

test-subject = E-mail de test de { $app_name }
test-what = Ceci est un test. Si vous pouvez le lire, { $app_name } peut vous envoyer des e-mails.
