// Offers the browser's time zone where the profile has another one that shows other times now.
class TimeZoneOffer extends HTMLElement {
  connectedCallback() {
    const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
    const select = this.closest("form").querySelector("select[name=time_zone]");
    const hours = (zone) => new Date().toLocaleString("en", { timeZone: zone });
    if (!timeZone || hours(timeZone) === hours(select.value)) return;
    this.querySelector("b").textContent = timeZone.replaceAll("_", " ");
    this.hidden = false;
    this.querySelector("button").addEventListener("click", () => {
      if (![...select.options].some((option) => option.value === timeZone)) select.add(new Option(timeZone, timeZone));
      select.value = timeZone;
      this.hidden = true;
      select.focus();
    });
  }
}

customElements.define("time-zone-offer", TimeZoneOffer);
