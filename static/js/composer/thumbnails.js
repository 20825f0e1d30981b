// Draws small pictures of files before they are sent.
const SIDE_PX = 96; // twice what the style sheet shows, for fine screens

export async function showThumbnail(canvas, file) {
  let picture;
  try {
    picture = await createImageBitmap(file, { resizeWidth: SIDE_PX, resizeQuality: "low" });
  } catch {
    return; // a picture that this browser can't draw: the server decides what it is
  }
  const side = Math.min(picture.width, picture.height);
  Object.assign(canvas, { width: SIDE_PX, height: SIDE_PX, hidden: false });
  const [left, top] = [(picture.width - side) / 2, (picture.height - side) / 2];
  canvas.getContext("2d").drawImage(picture, left, top, side, side, 0, 0, SIDE_PX, SIDE_PX);
  picture.close();
}
