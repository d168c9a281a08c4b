/** Pictures that people take with their phone: made small and nameless here, then carried to Home Assistant. */

import type { Hass } from "./hass";
import { UserError } from "./texts";

/** Enough to read a sticker by. */
const LONGEST_EDGE = 1600;
const QUALITY = 0.85;
/** What a browser cannot open is sent as it is, up to this size: the server may know more formats. */
const LARGEST = 20_000_000;
/** Without a byte going out for so long, the network is given up. */
const PATIENCE = 60_000;

export function fit(width: number, height: number): [number, number] {
  const scale = Math.min(1, LONGEST_EDGE / Math.max(width, height));
  return [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
}

/** Draw it anew: smaller, upright, and without the place and the device that cameras write into their files. */
export async function shrink(file: Blob): Promise<Blob> {
  if (!file.type.startsWith("image/")) throw new UserError("photo.no_picture");
  try {
    const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
    const [width, height] = fit(bitmap.width, bitmap.height);
    const canvas = Object.assign(document.createElement("canvas"), { width, height });
    canvas.getContext("2d")?.drawImage(bitmap, 0, 0, width, height);
    bitmap.close();
    const drawn = await new Promise<Blob | null>((resolve) => {
      canvas.toBlob(resolve, "image/jpeg", QUALITY);
    });
    if (drawn) return drawn;
  } catch {
    // A format that only the phone itself can open.
  }
  if (file.size > LARGEST) throw new UserError("photo.too_large");
  return file;
}

/** Carry a picture to Home Assistant and return the id under which an action finds it; `progress` is told percents. */
export async function upload(
  hass: Hass,
  picture: Blob,
  progress: (percent: number) => void,
): Promise<string> {
  if (hass.auth.expired) {
    await hass.auth.refreshAccessToken().catch(() => {
      throw new UserError("photo.offline");
    });
  }
  const body = new FormData();
  body.append("file", picture, picture.type === "image/jpeg" ? "photo.jpg" : "photo");
  // Not `fetch`, which does not tell how far an upload is.
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    let idle: ReturnType<typeof setTimeout>;
    const alive = () => {
      clearTimeout(idle);
      idle = setTimeout(() => {
        request.abort();
      }, PATIENCE);
    };
    const lost = () => {
      clearTimeout(idle);
      reject(new UserError("photo.offline"));
    };
    request.open("POST", "/api/file_upload");
    request.setRequestHeader("Authorization", `Bearer ${hass.auth.accessToken}`);
    request.upload.addEventListener("progress", ({ loaded, total }) => {
      alive();
      progress(total ? Math.round((loaded / total) * 100) : 0);
    });
    request.addEventListener("error", lost);
    request.addEventListener("abort", lost);
    request.addEventListener("load", () => {
      clearTimeout(idle);
      const id = fileId(request.responseText);
      if (request.status === 200 && id) resolve(id);
      else
        reject(
          new UserError(request.status === 413 ? "photo.too_large" : "photo.refused", {
            status: request.status,
          }),
        );
    });
    alive();
    request.send(body);
  });
}

function fileId(answer: string): string {
  try {
    const { file_id: id } = JSON.parse(answer) as { file_id?: unknown };
    return typeof id === "string" ? id : "";
  } catch {
    return "";
  }
}

/** Take back what nobody will use any more; a picture that cannot be is removed when Home Assistant stops. */
export async function takeBack(hass: Hass, id: string): Promise<void> {
  await hass
    .fetchWithAuth("/api/file_upload", {
      method: "DELETE",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ file_id: id }),
    })
    .catch(() => undefined);
}
