// The tabs: links to screens of which one is in the order of focus, moved through by the arrow keys.
import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { goTo, screenLink, type Screen } from "../store/route";

export type Tab = { screen: Screen; title: string; badge?: number; badgeLabel?: string; tone?: string };

export function Tabs({ tabs, current }: { tabs: Tab[]; current: Screen }): JSX.Element {
  const row = useRef<HTMLDivElement>(null);
  const move = (event: KeyboardEvent): void => {
    const at = tabs.findIndex(({ screen }) => screen === current);
    const to = {
      ArrowRight: (at + 1) % tabs.length,
      ArrowLeft: (at + tabs.length - 1) % tabs.length,
      Home: 0,
      End: tabs.length - 1,
    }[event.key];
    const next = to === undefined ? undefined : tabs[to];
    if (next === undefined) return;
    event.preventDefault();
    goTo(screenLink(next.screen));
    row.current?.querySelector<HTMLElement>(`#tab-${next.screen}`)?.focus();
  };
  return (
    <nav class="tabs" aria-label="Screens">
      <div role="tablist" aria-label="Screens" class="tab-row" ref={row} onKeyDown={move}>
        {tabs.map(({ screen, title, badge = 0, badgeLabel = "", tone = "" }) => (
          <a
            key={screen}
            id={`tab-${screen}`}
            role="tab"
            href={screenLink(screen)}
            aria-selected={screen === current}
            aria-controls="panel"
            tabIndex={screen === current ? 0 : -1}
          >
            {title}
            {badge > 0 && (
              <span class={`badge ${tone}`}>
                {badge > 999 ? "999+" : badge}
                <span class="unseen"> {badgeLabel}</span>
              </span>
            )}
          </a>
        ))}
      </div>
    </nav>
  );
}
