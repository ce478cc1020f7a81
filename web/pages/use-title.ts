// The page's name in tabs, history and screen readers.
import { useEffect } from 'preact/hooks';

export function useTitle(name: string): void {
  useEffect(() => {
    document.title = `${name} · Faultline`;
  }, [name]);
}
