/** Structurally the same as vscode's Disposable. */
export interface Disposable {
  dispose(): unknown;
}

export interface DisposableList extends Disposable {
  /** Keeps `item` until the list is disposed; disposes it at once if that has already happened. */
  add<T extends Disposable>(item: T): T;
}

export function disposableList(): DisposableList {
  const items: Disposable[] = [];
  let isDisposed = false;
  return {
    add(item) {
      if (isDisposed) item.dispose();
      else items.push(item);
      return item;
    },
    dispose() {
      isDisposed = true;
      for (const item of items.splice(0).reverse()) item.dispose();
    },
  };
}
