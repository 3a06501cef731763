// The app takes fields away, adds some that no schema knows, refuses, and breaks.
onRecordEnrich((e) => {
  e.record.hide("title", "created");
  return e.next();
}, "hiding");

onRecordEnrich((e) => {
  e.record.withCustomData(true);
  e.record.set("extra", { list: [1, 2], text: "out of nowhere" });
  e.record.set("answer", 42);
  e.record.set("empty", null);
  return e.next();
}, "adding");

onRecordsListRequest((e) => {
  if (e.hasSuperuserAuth()) { return e.next(); }
  throw new ForbiddenError("Not today.");
}, "refusing");
onRecordViewRequest((e) => {
  if (e.hasSuperuserAuth()) { return e.next(); }
  throw new ForbiddenError("Not today.");
}, "refusing");

onRecordsListRequest((e) => {
  if (e.hasSuperuserAuth()) { return e.next(); }
  nothingOfThisName();
}, "throwing");
