{% load static %}// The files that every page needs have their hash in their name: once one is another, so is this worker.
const FILES = [{% for file in files %}"{{ file|escapejs }}", {% endfor %}];
const OFFLINE = "{% url "offline" %}";
importScripts("{% static "js/service-worker.js" %}");
