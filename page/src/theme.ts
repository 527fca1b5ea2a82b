// Light or dark: the system's wish until the person chooses, then the choice, kept in this browser.
import { createContext, useContext, useEffect, useState } from "react";

export type Theme = "light" | "dark";

const KEY = "visjob-theme";
const SYSTEM = matchMedia("(prefers-color-scheme: dark)");

export const ThemeContext = createContext<Theme>("light");

export const useTheme = () => useContext(ThemeContext);

export function useThemeChoice(): [Theme, () => void] {
  const [chosen, setChosen] = useState(stored);
  const [system, setSystem] = useState<Theme>(SYSTEM.matches ? "dark" : "light");
  useEffect(() => {
    const follow = () => setSystem(SYSTEM.matches ? "dark" : "light");
    SYSTEM.addEventListener("change", follow);
    return () => SYSTEM.removeEventListener("change", follow);
  }, []);
  const theme = chosen ?? system;
  useEffect(() => {
    document.documentElement.dataset.theme = theme;
  }, [theme]);
  const toggle = () => {
    const next = theme === "dark" ? "light" : "dark";
    localStorage.setItem(KEY, next);
    setChosen(next);
  };
  return [theme, toggle];
}

function stored(): Theme | null {
  const kept = localStorage.getItem(KEY);
  return kept === "light" || kept === "dark" ? kept : null;
}
