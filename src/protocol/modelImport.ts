/** Models that are copied or downloaded. */
/** A file of a model on a hub. */
export interface HubFile {
  readonly path: string;
  readonly bytes: number;
  /** SHA-256 in hexadecimal; `null` for small files, for which a hub has none. */
  readonly sha256: string | null;
}

/** A download to which the user has agreed. */
export interface HubDownload {
  /** `owner/name` */
  readonly name: string;
  /** Commit hash, so that the files downloaded are those shown to the user. */
  readonly revision: string;
  readonly files: readonly HubFile[];
}

/** What a hub says of a model. */
export interface HubModel extends HubDownload {
  /** In which form its weights come; `conversion`: safetensors, from a pull request. */
  readonly weights: 'safetensors' | 'conversion' | 'pickle';
  /** The pull request, `refs/pr/N`. */
  readonly reference: string | null;
}

/** Adds a model to the models folder, by copying a folder or downloading. */
export interface ImportJob {
  readonly kind: 'import';
  readonly source:
    { readonly folder: string } | { readonly hubUrl: string; readonly model: HubDownload };
  /** Absolute path of the new model folder. */
  readonly target: string;
}

export interface ImportResult {
  readonly kind: 'import';
  /** Absolute path of the model folder. */
  readonly model: string;
  readonly bytes: number;
}
