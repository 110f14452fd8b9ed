// Where the page begins.
import { render } from "preact";
import "uplot/dist/uPlot.min.css";
import "./styles/base.css";
import "./styles/controls.css";
import "./styles/overlays.css";
import "./styles/shell.css";
import "./styles/frame.css";
import "./styles/tables.css";
import "./styles/blocks.css";
import "./styles/shares.css";
import "./styles/log.css";
import "./styles/charts.css";
import "./styles/start.css";
import "./styles/picker.css";
import "./styles/login.css";
import "./styles/report.css";
import "./styles/history.css";
import { App } from "./app";
import { connect } from "./store/connection";
import { logInByAddress } from "./store/login";
import { followEarlier } from "./store/history";
import { followAddress } from "./store/route";
import { followPrinting } from "./store/printing";
import { openSaved } from "./store/saved";
import { followTheme } from "./store/theme";

followTheme();
const inFile = openSaved(document.getElementById("report")?.textContent);
const entering = inFile ? null : logInByAddress();
followAddress();
if (!inFile) followEarlier();
followPrinting();
void entering?.then(connect);

const place = document.getElementById("app");
if (place !== null) render(<App />, place);
