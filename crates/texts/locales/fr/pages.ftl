page-continue = Continuer vers { $app_name }
page-close = Vous pouvez fermer cette page.
page-needs-script = Cette page a besoin de JavaScript. Sans JavaScript, saisissez le code de l'e-mail là où vous l'avez demandé.
page-email = Adresse e-mail

## What the script shows

page-moment = Un instant…
page-failed = Cela n'a pas fonctionné.
page-unreachable = Le serveur est injoignable.
page-too-many = Trop de tentatives. Veuillez patienter quelques minutes.
page-without-link = Cette page ne fonctionne qu'à partir du lien de l'e-mail. Veuillez ouvrir ce lien à nouveau.
page-link-invalid = Ce lien n'est plus valable.

## Another mail

another-mail-what = Vous pouvez recevoir un autre e-mail. Son lien confirme l'adresse et définit un nouveau mot de passe.
another-mail-button = Envoyer un autre e-mail
another-mail-done = S'il existe un compte avec cette adresse, un e-mail contenant un nouveau lien est en route.
another-mail-email-malformed = Ce n'est pas une adresse e-mail.

## /verify-email

verify-email-page-title = Confirmez votre adresse e-mail
verify-email-page-what = Confirmez que cette boîte de réception est la vôtre et que vous avez demandé cet e-mail.
verify-email-page-button = Confirmer l'adresse
verify-email-page-done = Votre adresse est confirmée.
verify-email-page-already = Votre adresse est déjà confirmée.
verify-email-page-choose-password = Votre adresse est confirmée. Choisissez maintenant un mot de passe ; l'ancien, s'il y en avait un, n'est plus valable.

## /reset-password

reset-password-page-title = Choisissez un nouveau mot de passe
reset-password-page-what = Toutes les connexions de votre compte prendront fin.
reset-password-page-email-hint = Uniquement pour votre gestionnaire de mots de passe. Elle n'est pas envoyée.
reset-password-page-password = Nouveau mot de passe
reset-password-page-password-hint = Au moins { $min_length } caractères. Tous les caractères conviennent ; quelques mots sans rapport entre eux sont un bon choix. Les mots de passe courants, votre nom et votre adresse sont refusés.
reset-password-page-repeat = Encore une fois
reset-password-page-show = Afficher le mot de passe
reset-password-page-button = Définir le mot de passe
reset-password-page-done = Votre mot de passe est défini. Vous êtes déconnecté partout et pouvez maintenant vous connecter avec.
reset-password-page-too-short = Au moins { $min_length } caractères.
reset-password-page-too-long = C'est trop long.
reset-password-page-too-weak = Ce mot de passe est facile à deviner : il est courant, connu d'une fuite de données, ou composé de votre nom, de votre adresse ou d'une suite simple.
reset-password-page-used-before = Vous avez déjà utilisé ce mot de passe.
reset-password-page-forbidden = Les caractères de contrôle ne sont pas autorisés.
reset-password-page-differ = Les deux mots de passe sont différents.

## /keep-account

keep-account-page-title = Conservez votre compte
keep-account-page-what = La suppression de votre compte est prévue. Appuyez sur le bouton pour conserver le compte.
keep-account-page-button = Conserver mon compte
keep-account-page-done = Votre compte est conservé. Vous pouvez vous reconnecter.

## /cancel-email-change

cancel-email-change-page-title = Annulez le changement de votre adresse e-mail
cancel-email-change-page-what = Une nouvelle adresse e-mail a été demandée pour votre compte. Appuyez sur le bouton pour conserver votre adresse actuelle.
cancel-email-change-page-advice = Si vous n'avez pas demandé ce changement, choisissez aussi « mot de passe oublié » sur la page de connexion et définissez un nouveau mot de passe.
cancel-email-change-page-button = Annuler le changement
cancel-email-change-page-done = Le changement est annulé. Votre adresse e-mail reste la même.

## /undo

undo-page-title = Ce n'était pas moi
undo-page-what = Appuyez sur le bouton si vous n'êtes pas à l'origine de la modification dont parle l'e-mail. Alors :
undo-page-restored = Les adresses e-mail, les numéros de téléphone, le mot de passe, les clés d'accès, l'application d'authentification et les codes de secours redeviennent comme avant. Les modifications suivantes sont annulées aussi. Une adresse qui était nouvelle à ce moment-là doit être confirmée de nouveau.
undo-page-signed-out = Tout le monde est déconnecté partout, et une suppression prévue du compte est annulée.
undo-page-frozen = Le compte est gelé jusqu'à ce que vous choisissiez un nouveau mot de passe. L'e-mail pour cela est envoyé à l'adresse principale.
undo-page-changed = La modification a été faite à ce moment :
undo-page-caution = Cela ne peut pas être annulé. Si c'était vous, fermez cette page.
undo-page-button = Annuler et geler le compte
undo-page-done = La modification est annulée, et votre compte est gelé jusqu'à ce que vous ayez choisi un nouveau mot de passe.
undo-page-mailed = L'e-mail pour cela a été envoyé à cette adresse :
undo-page-without-address = La modification est annulée, et votre compte est gelé. Son adresse e-mail appartient maintenant à un autre compte : demandez de l'aide aux responsables de { $app_name }.

undo-effect-contact-restored = { $value } fait de nouveau partie du compte.
undo-effect-contact-removed = { $value } est retiré du compte.
undo-effect-contact-unproven = { $value } doit être confirmé de nouveau.
undo-effect-primary-email = { $value } est de nouveau l'adresse e-mail principale.
undo-effect-primary-phone = { $value } est de nouveau le numéro de téléphone principal.
undo-effect-email-change-cancelled = Le changement de l'adresse e-mail vers { $value } est annulé.
undo-effect-password-restored = Le mot de passe d'avant la modification est rétabli jusqu'à ce que vous en choisissiez un nouveau.
undo-effect-password-removed = Le mot de passe qui a été défini est supprimé.
undo-effect-totp-restored = L'application d'authentification d'avant la modification est de nouveau active.
undo-effect-totp-removed = L'application d'authentification est retirée.
undo-effect-sms-restored = Les SMS envoyés à { $value } sont de nouveau un second facteur.
undo-effect-sms-removed = Les SMS envoyés à { $value } ne sont plus un second facteur.
undo-effect-passkey-restored = La clé d'accès { $value } est de nouveau enregistrée.
undo-effect-passkey-removed = La clé d'accès { $value } est retirée.
undo-effect-backup-codes-restored = Codes de secours de nouveau valables : { $value }
undo-effect-backup-codes-removed = Tous les codes de secours sont annulés.
undo-effect-policy-enforced = Un second facteur est de nouveau exigé.
undo-effect-policy-none = Un second facteur n'est plus exigé.
undo-effect-application-withdrawn = { $value } n'a plus aucune autorisation.
undo-effect-deletion-cancelled = La suppression prévue du compte est annulée.
undo-effect-unchanged = Les adresses, les numéros, le mot de passe et les facteurs sont comme avant la modification.
undo-effect-sign-ins-ended = Connexions qui prennent fin : { $value }
undo-effect-reset-mailed = L'e-mail pour un nouveau mot de passe est envoyé à { $value }.
undo-effect-reset-not-mailed = Aucun e-mail pour un nouveau mot de passe ne peut être envoyé, car il ne reste aucune adresse e-mail confirmée.

## /oauth/authorize: sign-in

oauth-sign-in-title = Connexion
oauth-sign-in-what = Connectez-vous pour continuer vers { $application }.
oauth-sign-in-identifier = Adresse e-mail ou nom d'utilisateur
oauth-sign-in-password = Mot de passe
oauth-sign-in-button = Se connecter
oauth-passkey-button = Utiliser une clé d'accès
oauth-sign-in-cancel = Annuler et revenir à { $application }

## /oauth/authorize: second step

oauth-second-step-title = Confirmez qu'il s'agit bien de vous
oauth-second-step-email = Un e-mail contenant un code est en route vers { $address }.
oauth-second-step-sms = Un SMS contenant un code est en route vers { $address }. Vous pouvez aussi saisir l'un de vos codes de secours.
oauth-second-step-backup-code = Aucun SMS n'est envoyé pour le moment. Saisissez l'un de vos codes de secours.
oauth-second-step-passkey = Votre compte demande une clé d'accès. Vous pouvez aussi saisir l'un de vos codes de secours.
oauth-second-step-otp = Saisissez le code affiché par votre application d'authentification, ou l'un de vos codes de secours.
oauth-second-step-code = Code
oauth-second-step-button = Continuer
oauth-second-step-again = Se connecter à nouveau

## /oauth/authorize: why a form is shown again

oauth-failure-stale = Cette page est restée ouverte trop longtemps. Réessayez.
oauth-failure-credentials = Adresse e-mail, nom d'utilisateur ou mot de passe incorrect.
oauth-failure-disabled = Ce compte est désactivé.
oauth-failure-frozen = Ce compte est gelé jusqu'à ce que vous choisissiez un nouveau mot de passe. L'e-mail correspondant a été envoyé à votre adresse principale.
oauth-failure-code = Ce code est incorrect ou a déjà été utilisé.
oauth-failure-expired-code = Ce code a expiré.
oauth-failure-passkey = Cette clé d'accès n'a pas été acceptée.

## /oauth/authorize: consent

oauth-consent-title = Autoriser { $application } ?
oauth-consent-what = Vous êtes connecté en tant que { $user }. Si vous l'autorisez, { $application } pourra :
oauth-consent-returns = Vous reviendrez ensuite à { $address }. Vous pouvez retirer cette autorisation à tout moment dans votre compte.
oauth-consent-allow-button = Autoriser
oauth-consent-deny-button = Ne pas autoriser
oauth-consent-again = Utiliser un autre compte

oauth-scope-openid = savoir qui vous êtes
oauth-scope-profile = voir votre nom, votre image, votre langue et votre fuseau horaire
oauth-scope-email = voir votre adresse e-mail
oauth-scope-phone = voir votre numéro de téléphone
oauth-scope-offline-access = conserver son accès pendant votre absence
oauth-scope-profile-read = lire l'ensemble de votre profil
oauth-scope-profile-write = lire et modifier votre profil
oauth-scope-security-read = voir vos connexions, vos appareils et vos moyens de connexion
oauth-scope-security-write = modifier votre mot de passe, vos adresses, vos facteurs et vos connexions, et supprimer votre compte

## /oauth/logout

oauth-sign-out-title = Déconnexion
oauth-sign-out-question = Se déconnecter ?
oauth-sign-out-what = Une application demande à mettre fin à vos connexions dans ce navigateur.
oauth-sign-out-button = Se déconnecter
oauth-signed-out-title = Déconnecté
oauth-signed-out-what = Vous êtes déconnecté dans ce navigateur. Vous pouvez fermer cette page.

## /oauth/authorize and /oauth/logout: a request of an application that is not known

oauth-error-title = Cela n'a pas fonctionné
oauth-error-what = Revenez à l'application et réessayez. Si cela se reproduit, prévenez son opérateur.
oauth-error-repeated = La requête indique deux fois son application ou son adresse.
oauth-error-unknown-application = Cette application n'est pas enregistrée ici.
oauth-error-foreign-address = L'adresse de retour n'est pas une adresse de cette application.
oauth-error-busy = Le service est très sollicité en ce moment.
oauth-error-server = Une erreur s'est produite de notre côté.

## An address that is none

not-found-page-title = Page introuvable
not-found-page-what = Il n'y a aucune page à cette adresse.
