// The app's own mind about who may sign in and what may be read.
onRecordAuthRequest((e) => {
  switch (e.record.get("lastName")) {
    case "forbidden": throw new ForbiddenError("Blocked for owing money.");
    case "bad": throw new BadRequestError("No.");
    case "broken": nothingOfThisName();
    case "failing": throw new InternalServerError("Down.");
    case "unknown": throw new NotFoundError("Who?");
    case "unauthorized": throw new UnauthorizedError("Not you.");
  }
  return e.next();
}, "People");

onRecordsListRequest((e) => {
  if (e.hasSuperuserAuth()) { return e.next(); }
  throw new ForbiddenError("Closed for the night.");
}, "closed");
