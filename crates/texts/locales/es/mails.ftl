## Parts of every mail

mail-hello = Hola:
mail-hello-name = Hola, { $name }:
mail-when = Fecha y hora: { $time }
mail-device = Dispositivo: { $device }
mail-address = Dirección IP: { $ip }
mail-address-in = Dirección IP: { $ip } ({ $place })
mail-automatic = Mensaje enviado automáticamente. Las respuestas a este correo no se leen.
mail-or-link = O abre este enlace:
mail-button-fallback = Si el botón no funciona, abre esta dirección: { $link }

device-words = { $browser } en { $system }

within-minutes = { $count ->
    [one] en un plazo de { $count } minuto
   *[other] en un plazo de { $count } minutos
}
within-hours = { $count ->
    [one] en un plazo de { $count } hora
   *[other] en un plazo de { $count } horas
}
within-days = { $count ->
    [one] en un plazo de { $count } día
   *[other] en un plazo de { $count } días
}

advice-new-one = Si fuiste tú, no tienes que hacer nada. Si no, elige «contraseña olvidada» en la página de inicio de sesión y establece una nueva de inmediato.
advice-new-password = Si fuiste tú, no tienes que hacer nada. Si no, elige «contraseña olvidada» en la página de inicio de sesión y establece una contraseña nueva de inmediato.
advice-unchanged = Si no fuiste tú, puedes ignorar este correo: tu cuenta no ha cambiado.

undo-open-link = Si fuiste tú, no tienes que hacer nada. Si no, deshazlo { $within } con este enlace:
undo-go-on = Si fuiste tú, no tienes que hacer nada. Si no, deshazlo { $within }:
undo-button = No fui yo
undo-what = Tu cuenta vuelve entonces a estar como antes, se cierra tu sesión en todas partes y nadie puede iniciar sesión hasta que hayas elegido una contraseña nueva.

## Proofs

verify-email-subject = Confirma tu dirección de correo para { $app_name }
verify-email-enter-code = Confirma que esta dirección de correo es tuya. Introduce este código { $within }:
verify-email-or-click = O confírmala con un clic:
verify-email-button = Confirmar mi dirección
verify-email-caution = Hazlo solo si acabas de registrarte tú. Si no fuiste tú, ignora este correo: sin él nadie puede seguir adelante.

confirm-email-change-subject = Confirma tu nueva dirección de correo para { $app_name }
confirm-email-change-enter-code = Has pedido usar esta dirección de correo en tu cuenta de { $app_name }. Introduce este código { $within }:
confirm-email-change-caution = Si no fuiste tú, puedes ignorar este correo: sin el código tu dirección no se añade a ninguna cuenta.

invitation-subject = Una cuenta para ti en { $app_name }
invitation-open-link = Se ha creado una cuenta para ti en { $app_name }. Para confirmar tu dirección de correo y elegir una contraseña, abre este enlace { $within }:
invitation-go-on = Se ha creado una cuenta para ti en { $app_name }. Para confirmar tu dirección de correo y elegir una contraseña, continúa { $within }:
invitation-button = Configurar tu cuenta
invitation-caution = Si no esperabas este correo, puedes ignorarlo: sin el enlace nadie puede usar la cuenta.

reset-password-subject = Elige una contraseña nueva para { $app_name }
reset-password-enter-code = Para elegir una contraseña nueva, introduce este código { $within }:
reset-password-or-click = O continúa con un clic:
reset-password-open-link = Para elegir una contraseña nueva, abre este enlace { $within }:
reset-password-go-on = Para elegir una contraseña nueva, continúa { $within }:
reset-password-button = Elegir contraseña nueva
reset-password-caution = Si no fuiste tú, puedes ignorar este correo: tu contraseña sigue siendo la misma.

already-registered-subject = Ya tienes una cuenta en { $app_name }
already-registered-what = Alguien, quizá tú, ha intentado registrarse en { $app_name } con esta dirección de correo. Ya pertenece a una cuenta, así que no se ha creado otra. Inicia sesión como siempre; si has olvidado tu contraseña, pide allí una nueva.

## Passwords and sign-ins

password-changed-subject = Se ha cambiado tu contraseña de { $app_name }
password-changed-what = Se ha cambiado la contraseña de tu cuenta de { $app_name }. Se ha cerrado tu sesión en todos los demás lugares donde estaba abierta.

password-removed-subject = Se ha eliminado tu contraseña de { $app_name }
password-removed-what = Se ha eliminado la contraseña de tu cuenta de { $app_name }. A partir de ahora inicias sesión con una llave de acceso. Se ha cerrado tu sesión en todos los demás lugares donde estaba abierta.

new-sign-in-subject = Nuevo inicio de sesión en tu cuenta de { $app_name }
new-sign-in-what = Alguien, esperamos que tú, ha iniciado sesión en tu cuenta de { $app_name } desde un dispositivo o una red que no se había usado antes para ello.
new-sign-in-advice = Si fuiste tú, no tienes que hacer nada. Si no, elige «contraseña olvidada» en la página de inicio de sesión y establece una nueva de inmediato: así se cierran todas las sesiones.

change-undone-subject = Se ha deshecho un cambio de tu cuenta de { $app_name }
change-undone-what = Alguien pulsó «No fui yo» en un correo sobre tu cuenta de { $app_name }. Sus direcciones de correo, números de teléfono, contraseña y factores vuelven a estar como antes del cambio del que trataba el correo, y se han cerrado todas las sesiones.
change-undone-mailed = La cuenta está congelada hasta que se elija una contraseña nueva. El correo para ello se envió a { $masked_email }.
change-undone-without-address = La cuenta está congelada y no tiene ninguna dirección que pueda recibir el correo para una contraseña nueva. Pide ayuda a los responsables de { $app_name }.
change-undone-advice = Si nadie debería haber hecho esto, pide ayuda de inmediato a los responsables de { $app_name }.

## Addresses and numbers

email-change-requested-subject = ¿Una nueva dirección de correo para tu cuenta de { $app_name }?
email-change-requested-what = Alguien, esperamos que tú, ha pedido cambiar la dirección de correo de tu cuenta de { $app_name } por { $masked_email }. Hasta que se confirme esa dirección, se sigue usando la tuya.
email-change-requested-cancel = Si fuiste tú, no tienes que hacer nada aquí. Si no, cancela el cambio { $within }:
email-change-requested-cancel-link = Si fuiste tú, no tienes que hacer nada aquí. Si no, cancela el cambio { $within } con este enlace:
email-change-requested-button = Cancelar el cambio
email-change-requested-advice = Elige después «contraseña olvidada» en la página de inicio de sesión y establece una contraseña nueva: eso cierra todas las sesiones y también cancela el cambio.

email-change-cancelled-subject = La dirección de correo de tu cuenta de { $app_name } se conserva
email-change-cancelled-what = Se ha cancelado el cambio de la dirección de correo de tu cuenta de { $app_name } por { $masked_email }. Se sigue usando la tuya.
email-change-cancelled-advice = Si no pediste ese cambio, o no lo cancelaste, elige «contraseña olvidada» en la página de inicio de sesión y establece una contraseña nueva de inmediato.

email-changed-subject = Se ha cambiado la dirección de correo de tu cuenta de { $app_name }
email-changed-what = La dirección de correo principal de tu cuenta de { $app_name } es ahora { $masked_email }. A partir de ahora, los mensajes sobre tu cuenta se envían allí.
email-changed-advice = Si fuiste tú, no tienes que hacer nada. Si no, pide ayuda de inmediato a los responsables de { $app_name }.

contact-changed-subject = Se han cambiado los datos de contacto de tu cuenta de { $app_name }
contact-changed-what = Se ha cambiado la dirección de correo principal o el número de teléfono de tu cuenta de { $app_name }.

contact-added-subject = Nuevos datos de contacto para tu cuenta de { $app_name }
contact-added-what = Se ha añadido { $masked } a tu cuenta de { $app_name }. Aún no se ha confirmado y hasta entonces no se puede usar para nada.

contact-verified-subject = Confirmados nuevos datos de contacto de tu cuenta de { $app_name }
contact-verified-what = Se ha confirmado { $masked } y ya forma parte de tu cuenta de { $app_name }.

contact-removed-subject = Eliminados datos de contacto de tu cuenta de { $app_name }
contact-removed-what = Se ha eliminado { $masked } de tu cuenta de { $app_name }.

contact-claimed-subject = Alguien ha usado tus datos de contacto en { $app_name }
contact-claimed-what = Alguien, quizá tú, ha intentado añadir { $masked } a otra cuenta de { $app_name }. Pertenece a tu cuenta y seguirá en ella; no se ha enviado ningún código.

## Second factors and passkeys

authenticator-added-subject = App de autenticación añadida a tu cuenta de { $app_name }
authenticator-added-what = Se ha añadido una app de autenticación a tu cuenta de { $app_name }. A partir de ahora, para iniciar sesión con tu contraseña también hace falta un código de esa app.
authenticator-added-advice = Si fuiste tú, no tienes que hacer nada. Si no, elige «contraseña olvidada» en la página de inicio de sesión, establece una contraseña nueva y pide ayuda de inmediato a los responsables de { $app_name }.

authenticator-removed-subject = App de autenticación eliminada de tu cuenta de { $app_name }
authenticator-removed-what = Se ha eliminado la app de autenticación de tu cuenta de { $app_name }. Sus códigos ya no se piden ni se aceptan.

sms-factor-added-subject = Códigos por SMS añadidos al acceso a tu cuenta de { $app_name }
sms-factor-added-what = { $masked } es ahora un segundo factor de tu cuenta de { $app_name }. A partir de ahora, para iniciar sesión con tu contraseña también hace falta un código enviado por SMS a ese número.

sms-factor-removed-subject = Códigos por SMS eliminados del acceso a tu cuenta de { $app_name }
sms-factor-removed-what = { $masked } ya no es un segundo factor de tu cuenta de { $app_name }. Al iniciar sesión ya no se pide un código enviado por SMS a ese número.

backup-codes-made-subject = Nuevos códigos de respaldo para tu cuenta de { $app_name }
backup-codes-made-what = Se han creado nuevos códigos de respaldo para tu cuenta de { $app_name }. Los anteriores ya no se aceptan.

backup-code-used-subject = Se ha usado un código de respaldo de tu cuenta de { $app_name }
backup-code-used-what = Se ha usado un código de respaldo de tu cuenta de { $app_name } para iniciar sesión o para confirmar un cambio. Códigos restantes: { $left }.
backup-code-used-last = Crea otros nuevos para poder iniciar sesión sin tu otro segundo factor.

passkey-added-subject = Se ha añadido una llave de acceso a tu cuenta de { $app_name }
passkey-added-what = Se ha añadido una llave de acceso a tu cuenta de { $app_name }. Quien la tenga puede iniciar sesión sin tu contraseña.
passkey-added-advice = Si fuiste tú, no tienes que hacer nada. Si no, inicia sesión, elimina la llave de acceso y cambia tu contraseña de inmediato.

passkey-removed-subject = Se ha eliminado una llave de acceso de tu cuenta de { $app_name }
passkey-removed-what = Se ha eliminado una llave de acceso de tu cuenta de { $app_name }. Ya no se puede usar para iniciar sesión.

application-allowed-subject = Una aplicación puede usar tu cuenta de { $app_name }
application-allowed-what = Se ha permitido a { $application } usar tu cuenta de { $app_name }.
application-allowed-advice = Si fuiste tú, no tienes que hacer nada. Si no, inicia sesión, retira el permiso en la lista de aplicaciones y cambia tu contraseña de inmediato.

factors-reset-subject = Se han eliminado los segundos factores de tu cuenta de { $app_name }
factors-reset-what = El operador de { $app_name } ha eliminado los segundos factores de tu cuenta: la app de autenticación, los códigos por SMS, los códigos de respaldo y los dispositivos recordados. Se ha cerrado tu sesión en todas partes.
factors-reset-what-passkeys = El operador de { $app_name } ha eliminado los segundos factores de tu cuenta: la app de autenticación, los códigos por SMS, los códigos de respaldo, las llaves de acceso y los dispositivos recordados. Se ha cerrado tu sesión en todas partes.
factors-reset-advice = Si lo pediste tú, inicia sesión y vuelve a añadir un segundo factor. Si no, elige «contraseña olvidada» en la página de inicio de sesión, establece una contraseña nueva de inmediato y avisa al operador.

## Deletion

deletion-scheduled-subject = Tu cuenta de { $app_name } se eliminará
deletion-scheduled-open-link = Tu cuenta de { $app_name } se eliminará el { $on }, tal como se ha pedido. Se ha cerrado tu sesión en todas partes. Hasta entonces puedes conservarla con este enlace:
deletion-scheduled-go-on = Tu cuenta de { $app_name } se eliminará el { $on }, tal como se ha pedido. Se ha cerrado tu sesión en todas partes. Hasta entonces puedes conservarla:
deletion-scheduled-button = Conservar mi cuenta
deletion-scheduled-advice = Si lo pediste tú, no tienes que hacer nada. Si no fuiste tú, conserva la cuenta, elige después «contraseña olvidada» en la página de inicio de sesión y establece una nueva de inmediato.

deletion-reminder-subject = Tu cuenta de { $app_name } se eliminará pronto
deletion-reminder-open-link = Tu cuenta de { $app_name } se eliminará el { $on }, tal como se ha pedido. Hasta entonces puedes conservarla con este enlace:
deletion-reminder-go-on = Tu cuenta de { $app_name } se eliminará el { $on }, tal como se ha pedido. Hasta entonces puedes conservarla:
deletion-reminder-advice = Si todavía quieres que se elimine, no tienes que hacer nada.

deletion-cancelled-subject = Tu cuenta de { $app_name } se conserva
deletion-cancelled-what = Se ha cancelado la eliminación de tu cuenta de { $app_name }. Se queda como está.
deletion-cancelled-advice = Si no fuiste tú, elige «contraseña olvidada» en la página de inicio de sesión y establece una contraseña nueva de inmediato.

account-deleted-subject = Tu cuenta de { $app_name } se ha eliminado
account-deleted-what = Tu cuenta de { $app_name } se ha eliminado, tal como se ha pedido. Todo lo que pertenecía a ella ha desaparecido y no se puede recuperar.

## Exports

export-requested-subject = Una exportación de tu cuenta de { $app_name }
export-requested-what = Alguien, esperamos que tú, ha pedido una copia de todo lo que contiene tu cuenta de { $app_name }. Solo puede descargarla quien ha iniciado sesión y acaba de demostrar quién es.
export-requested-advice = Si fuiste tú, no tienes que hacer nada. Si no, elige «contraseña olvidada» en la página de inicio de sesión y establece una nueva de inmediato: así se cierran todas las sesiones.

export-ready-subject = Ya puedes descargar tu exportación de { $app_name }
export-ready-what = La copia de todo lo que contiene tu cuenta de { $app_name } está lista. Puedes descargarla desde tu cuenta { $within }, después de iniciar sesión:
export-ready-button = Ir a mi cuenta
export-ready-advice = Si no la pediste, elige «contraseña olvidada» en la página de inicio de sesión y establece una nueva de inmediato.

## For the operator

test-subject = Correo de prueba de { $app_name }
test-what = Esto es una prueba. Si puedes leerla, { $app_name } puede enviarte correos.
