// A room of tok as a component. React 19 hands properties and events to custom elements: no package is
// needed.

import { useRef, useState } from "react";

// `src` is the address of the room, `token()` gives a join token from your own server.
export function Room({ src, name, token }) {
  const room = useRef(null);
  const [people, setPeople] = useState(null);
  const [messages, setMessages] = useState([]);
  const [problem, setProblem] = useState("");
  const [muted, setMuted] = useState(true);

  const attempt = (act) => async () => {
    setProblem("");
    try {
      await act();
    } catch (error) {
      setProblem(error.message);
    }
  };
  const join = attempt(async () => room.current.join({ token: await token() }));

  return (
    <section>
      <tok-room
        ref={room}
        src={src}
        name={name}
        start="muted"
        onjoined={({ detail }) => setPeople(detail.participants)}
        onleft={() => setPeople(null)}
        onparticipant-joined={({ detail }) => setPeople((before) => [...before, detail])}
        onparticipant-left={({ detail }) => setPeople((before) => before.filter(({ id }) => id !== detail.id))}
        onmessage={({ detail }) => setMessages((before) => [...before, detail])}
        onmedia={({ detail }) => setMuted(!detail.microphoneEnabled)}
        onerror={({ detail }) => setProblem(detail.message)}
      />
      <p>
        {people ? (
          <>
            <button onClick={attempt(() => room.current.mute(!muted))}>{muted ? "Unmute" : "Mute"}</button>
            <button onClick={attempt(() => room.current.leave())}>Leave</button>
          </>
        ) : (
          <button onClick={join}>Join</button>
        )}
      </p>
      <p role="status">{problem || (people ? `With ${people.map(({ name }) => name).join(", ") || "nobody"}` : "Not in the room")}</p>
      <ol>
        {messages.map(({ id, name, text }) => (
          <li key={id}>
            {name}: {text}
          </li>
        ))}
      </ol>
    </section>
  );
}
