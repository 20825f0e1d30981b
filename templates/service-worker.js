{% load static %}// The names of the files that every page needs contain their hashes: when a file changes, so does this worker.
const FILES = [{% for file in files %}"{{ file|escapejs }}", {% endfor %}];
const OFFLINE = "{% url "offline" %}";
const NEW_MESSAGE = "{{ new_message|escapejs }}";
{% if script %}{{ script|safe }}{% else %}importScripts("{% static "js/service-worker.js" %}");{% endif %}
