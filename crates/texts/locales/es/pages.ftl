page-continue = Continuar a { $app_name }
page-close = Puedes cerrar esta página.
page-needs-script = Esta página necesita JavaScript. Sin él, introduce el código del correo donde lo pediste.
page-email = Dirección de correo

## What the script shows

page-moment = Un momento…
page-failed = No ha funcionado.
page-unreachable = No se ha podido conectar con el servidor.
page-too-many = Demasiados intentos. Espera unos minutos.
page-without-link = Esta página solo funciona desde el enlace del correo. Abre ese enlace de nuevo.
page-link-invalid = Este enlace ya no es válido.

## Another mail

another-mail-what = Puedes recibir otro correo. Su enlace confirma la dirección y establece una contraseña nueva.
another-mail-button = Enviar otro correo
another-mail-done = Si hay una cuenta con esta dirección, un correo con un enlace nuevo está en camino.
another-mail-email-malformed = Esto no es una dirección de correo.

## /verify-email

verify-email-page-title = Confirma tu dirección de correo
verify-email-page-what = Confirma que este buzón es tuyo y que pediste el correo.
verify-email-page-button = Confirmar dirección
verify-email-page-done = Tu dirección está confirmada.
verify-email-page-already = Tu dirección ya está confirmada.
verify-email-page-choose-password = Tu dirección está confirmada. Ahora elige una contraseña; la anterior, si la había, ya no vale.

## /reset-password

reset-password-page-title = Elige una contraseña nueva
reset-password-page-what = Se cerrarán todas las sesiones de tu cuenta.
reset-password-page-email-hint = Solo para tu gestor de contraseñas. No se envía.
reset-password-page-password = Contraseña nueva
reset-password-page-password-hint = Al menos { $min_length } caracteres. Vale cualquier carácter; lo mejor son unas cuantas palabras sin relación entre sí. No se aceptan contraseñas comunes, ni tu nombre ni tu dirección.
reset-password-page-repeat = Otra vez
reset-password-page-show = Mostrar la contraseña
reset-password-page-button = Establecer contraseña
reset-password-page-done = Tu contraseña está establecida. Se ha cerrado tu sesión en todas partes y ya puedes iniciarla con ella.
reset-password-page-too-short = Al menos { $min_length } caracteres.
reset-password-page-too-long = Es demasiado larga.
reset-password-page-too-weak = Esta contraseña es fácil de adivinar: es común, se conoce por una filtración o se compone de tu nombre, tu dirección o un patrón.
reset-password-page-used-before = Ya habías usado esta contraseña.
reset-password-page-forbidden = No se permiten caracteres de control.
reset-password-page-differ = Las dos contraseñas son distintas.

## /keep-account

keep-account-page-title = Conserva tu cuenta
keep-account-page-what = La eliminación de tu cuenta está programada. Pulsa el botón para conservar la cuenta.
keep-account-page-button = Conservar mi cuenta
keep-account-page-done = Tu cuenta se conserva. Puedes volver a iniciar sesión.

## /cancel-email-change

cancel-email-change-page-title = Cancela el cambio de tu dirección de correo
cancel-email-change-page-what = Se ha pedido una nueva dirección de correo para tu cuenta. Pulsa el botón para conservar la dirección que tienes.
cancel-email-change-page-advice = Si no pediste el cambio, elige además «contraseña olvidada» en la página de inicio de sesión y establece una contraseña nueva.
cancel-email-change-page-button = Cancelar el cambio
cancel-email-change-page-done = El cambio está cancelado. Tu dirección de correo se queda como estaba.

## /undo

undo-page-title = No fui yo
undo-page-what = Pulsa el botón si no hiciste el cambio del que trata el correo. Entonces:
undo-page-restored = Las direcciones de correo, los números de teléfono, la contraseña, las llaves de acceso, la aplicación de autenticación y los códigos de respaldo vuelven a estar como antes. También se deshacen los cambios posteriores. Una dirección que era nueva en ese momento debe confirmarse otra vez.
undo-page-signed-out = Se cierran todas las sesiones en todas partes y se cancela la eliminación de la cuenta si estaba programada.
undo-page-frozen = La cuenta queda congelada hasta que elijas una contraseña nueva. El correo para ello se envía a la dirección principal.
undo-page-changed = El cambio se hizo en este momento:
undo-page-caution = Esto no se puede deshacer. Si fuiste tú, cierra esta página.
undo-page-button = Deshacer y congelar la cuenta
undo-page-done = El cambio se ha deshecho y tu cuenta está congelada hasta que hayas elegido una contraseña nueva.
undo-page-mailed = El correo para ello se envió a esta dirección:
undo-page-without-address = El cambio se ha deshecho y tu cuenta está congelada. Su dirección de correo pertenece ahora a otra cuenta: pide ayuda a los responsables de { $app_name }.

undo-effect-contact-restored = { $value } vuelve a pertenecer a la cuenta.
undo-effect-contact-removed = { $value } se quita de la cuenta.
undo-effect-contact-unproven = { $value } debe confirmarse otra vez.
undo-effect-primary-email = { $value } vuelve a ser la dirección de correo principal.
undo-effect-primary-phone = { $value } vuelve a ser el número de teléfono principal.
undo-effect-email-change-cancelled = Se cancela el cambio de la dirección de correo a { $value }.
undo-effect-password-restored = La contraseña de antes del cambio vuelve a estar vigente hasta que elijas una nueva.
undo-effect-password-removed = Se quita la contraseña que se estableció.
undo-effect-totp-restored = La aplicación de autenticación de antes del cambio vuelve a estar activa.
undo-effect-totp-removed = Se quita la aplicación de autenticación.
undo-effect-sms-restored = Los SMS a { $value } vuelven a ser un segundo factor.
undo-effect-sms-removed = Los SMS a { $value } ya no son un segundo factor.
undo-effect-passkey-restored = La llave de acceso { $value } vuelve a estar registrada.
undo-effect-passkey-removed = Se quita la llave de acceso { $value }.
undo-effect-backup-codes-restored = Códigos de respaldo que vuelven a ser válidos: { $value }
undo-effect-backup-codes-removed = Se anulan todos los códigos de respaldo.
undo-effect-policy-enforced = Se vuelve a exigir un segundo factor.
undo-effect-policy-none = Ya no se exige un segundo factor.
undo-effect-application-withdrawn = { $value } ya no tiene ningún permiso.
undo-effect-deletion-cancelled = Se cancela la eliminación programada de la cuenta.
undo-effect-unchanged = Las direcciones, los números, la contraseña y los factores están como antes del cambio.
undo-effect-sign-ins-ended = Sesiones que se cierran: { $value }
undo-effect-reset-mailed = El correo para una contraseña nueva se envía a { $value }.
undo-effect-reset-not-mailed = No se puede enviar ningún correo para una contraseña nueva, porque no queda ninguna dirección de correo confirmada.

## /oauth/authorize: sign-in

oauth-sign-in-title = Iniciar sesión
oauth-sign-in-what = Inicia sesión para continuar a { $application }.
oauth-sign-in-identifier = Dirección de correo o nombre de usuario
oauth-sign-in-password = Contraseña
oauth-sign-in-button = Iniciar sesión
oauth-passkey-button = Usar una llave de acceso
oauth-sign-in-cancel = Cancelar y volver a { $application }

## /oauth/authorize: second step

oauth-second-step-title = Confirma que eres tú
oauth-second-step-email = Un correo con un código va de camino a { $address }.
oauth-second-step-sms = Un SMS con un código va de camino a { $address }. También puedes introducir uno de tus códigos de respaldo.
oauth-second-step-backup-code = Ahora no se envían mensajes SMS. Introduce uno de tus códigos de respaldo.
oauth-second-step-passkey = Tu cuenta pide una llave de acceso. También puedes introducir uno de tus códigos de respaldo.
oauth-second-step-otp = Introduce el código que muestra tu app de autenticación, o uno de tus códigos de respaldo.
oauth-second-step-code = Código
oauth-second-step-button = Continuar
oauth-second-step-again = Iniciar sesión de nuevo

## /oauth/authorize: why a form is shown again

oauth-failure-stale = Esta página ha estado abierta demasiado tiempo. Inténtalo de nuevo.
oauth-failure-credentials = Dirección de correo, nombre de usuario o contraseña incorrectos.
oauth-failure-disabled = Esta cuenta está desactivada.
oauth-failure-frozen = Esta cuenta está congelada hasta que elijas una contraseña nueva. El correo para ello se envió a tu dirección principal.
oauth-failure-code = Este código es incorrecto o ya se ha usado.
oauth-failure-expired-code = Este código ha caducado.
oauth-failure-passkey = Esta llave de acceso no se ha aceptado.

## /oauth/authorize: consent

oauth-consent-title = ¿Permitir { $application }?
oauth-consent-what = Has iniciado sesión como { $user }. Si lo permites, { $application } podrá:
oauth-consent-returns = Después volverás a { $address }. Puedes retirar este permiso en cualquier momento en tu cuenta.
oauth-consent-allow-button = Permitir
oauth-consent-deny-button = No permitir
oauth-consent-again = Usar otra cuenta

oauth-scope-openid = saber quién eres
oauth-scope-profile = ver tu nombre, tu imagen, tu idioma y tu zona horaria
oauth-scope-email = ver tu dirección de correo
oauth-scope-phone = ver tu número de teléfono
oauth-scope-offline-access = conservar su acceso mientras no estás
oauth-scope-profile-read = leer todo tu perfil
oauth-scope-profile-write = leer y cambiar tu perfil
oauth-scope-security-read = ver tus sesiones, dispositivos y formas de iniciar sesión
oauth-scope-security-write = cambiar tu contraseña, tus direcciones, tus factores y tus sesiones, y eliminar tu cuenta

## /oauth/logout

oauth-sign-out-title = Cerrar sesión
oauth-sign-out-question = ¿Cerrar sesión?
oauth-sign-out-what = Una aplicación pide cerrar tus sesiones en este navegador.
oauth-sign-out-button = Cerrar sesión
oauth-signed-out-title = Sesión cerrada
oauth-signed-out-what = Se ha cerrado tu sesión en este navegador. Puedes cerrar esta página.

## /oauth/authorize and /oauth/logout: a request of an application that is not known

oauth-error-title = Esto no ha funcionado
oauth-error-what = Vuelve a la aplicación e inténtalo de nuevo. Si vuelve a ocurrir, avisa a su operador.
oauth-error-repeated = La solicitud indica dos veces su aplicación o su dirección.
oauth-error-unknown-application = Esta aplicación no está registrada aquí.
oauth-error-foreign-address = La dirección de retorno no es una de esta aplicación.
oauth-error-busy = El servicio está saturado en este momento.
oauth-error-server = Algo ha fallado por nuestra parte.

## An address that is none

not-found-page-title = Página no encontrada
not-found-page-what = No hay ninguna página en esta dirección.
