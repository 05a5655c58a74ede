// The demo's log-ins: a button fills the form in. The list can be read and typed off without this.
const form = document.querySelector("[data-log-in]");

for (const button of document.querySelectorAll("[data-fill-login]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    form.elements.login.value = button.dataset.fillLogin;
    form.elements.password.value = button.dataset.fillPassword;
    form.querySelector("[type=submit]").focus();
  });
}
