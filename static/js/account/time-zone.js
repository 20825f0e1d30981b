// Fill in the browser's time zone where a form asks for it.
for (const field of document.querySelectorAll("[data-time-zone]")) {
  field.value ||= Intl.DateTimeFormat().resolvedOptions().timeZone;
}
