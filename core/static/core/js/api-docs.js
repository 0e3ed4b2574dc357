// Starts Swagger UI on /api/docs/. A file of its own: the page's policy allows no inline script.
"use strict";

const place = document.getElementById("api-docs");

window.SwaggerUIBundle({
  url: place.dataset.description,
  domNode: place,
  deepLinking: true,
  validatorUrl: null, // the default asks a server on the internet
  syntaxHighlight: { activated: true },
  presets: [window.SwaggerUIBundle.presets.apis],
});
