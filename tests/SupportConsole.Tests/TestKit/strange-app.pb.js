// The app tells one of its users neither when a note was made, nor by whom, nor what it is called; and sends everybody away from another list.
onRecordEnrich((e) => {
  if (e.requestInfo.auth && e.requestInfo.auth.id == "01HZXA") {
    e.record.hide("created", "author", "title");
  }
  return e.next();
}, "notes");

onRecordsListRequest((e) => {
  if (e.hasSuperuserAuth()) { return e.next(); }
  throw new UnauthorizedError("Log in again, says the app.");
}, "unauthorized");
onRecordViewRequest((e) => {
  if (e.hasSuperuserAuth()) { return e.next(); }
  throw new UnauthorizedError("Log in again, says the app.");
}, "unauthorized");
