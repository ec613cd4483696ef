import { createRoot } from "react-dom/client";
import { Room } from "./Room.jsx";

// Your own server asks tok for a token of whoever signed in here; its key is never in a page.
async function token() {
  const answer = await fetch("/token", { method: "POST" });
  return (await answer.json()).token;
}

createRoot(document.getElementById("root")).render(<Room src="https://meet.example.com/r/standup" name="Ada" token={token} />);
