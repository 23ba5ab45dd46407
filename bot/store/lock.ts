import path from "node:path";
import Database from "libsql";

/**
 * Takes the data folder for this process until the function returned is called or the process ends, however it ends: the
 * lock is the operating system's, on a file of its own so that a reader may still look at the data beside a running service.
 * @throws when another store has the folder.
 */
export function lockFolder(folder: string): () => void {
  const holder = new Database(path.join(folder, "epilogue.lock"));
  try {
    holder.exec("BEGIN EXCLUSIVE");
  } catch (error) {
    holder.close();
    if ((error as { code?: string }).code !== "SQLITE_BUSY") throw error;
    throw new Error(`The data folder ${folder} is in use: only one Epilogue at a time can run on it`, { cause: error });
  }
  return () => holder.close();
}
