// Photographs: kept as they are where they are small enough, else shrunk, with what the camera wrote into them.
"use strict";
const Pictures = (() => {
  // The longer side of a picture that is shrunk, and the bytes of one that is kept as it is.
  const SIDE = 1600, BYTES = 1500000;
  const EXIF = [0x45, 0x78, 0x69, 0x66, 0, 0];

  // The segment of a JPEG in which the camera notes time, place and itself; null where there is none.
  function noted(bytes) {
    if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return null;
    for (let at = 2; at + 10 < bytes.length && bytes[at] === 0xff && bytes[at + 1] !== 0xda;) {
      const length = bytes[at + 2] * 256 + bytes[at + 3];
      if (length < 2 || at + 2 + length > bytes.length) return null;
      if (bytes[at + 1] === 0xe1 && EXIF.every((one, more) => bytes[at + 4 + more] === one)) return bytes.slice(at, at + 2 + length);
      at += 2 + length;
    }
    return null;
  }

  // The same segment for a picture that was drawn upright: left as it was, it would be shown lying on its side.
  function upright(segment) {
    const found = segment.slice(), view = new DataView(found.buffer, found.byteOffset, found.byteLength), head = 10;
    try {
      const little = view.getUint16(head) === 0x4949, first = head + view.getUint32(head + 4, little);
      for (let number = view.getUint16(first, little), at = first + 2; number > 0; number--, at += 12)
        if (view.getUint16(at, little) === 0x0112) view.setUint16(at + 8, 1, little);
      return found;
    } catch { return null; }
  }

  // A JPEG with what the camera noted in the one it was made from.
  function withNoted(made, from) {
    const segment = noted(from), found = segment && upright(segment);
    if (!found) return made;
    const all = new Uint8Array(made.length + found.length);
    all.set(made.subarray(0, 2)); all.set(found, 2); all.set(made.subarray(2), 2 + found.length);
    return all;
  }

  const asUrl = (blob) => new Promise((done, failed) => { const reader = new FileReader(); reader.onload = () => done(reader.result); reader.onerror = failed; reader.readAsDataURL(blob); });
  const asBytes = (blob) => new Promise((done, failed) => { const reader = new FileReader(); reader.onload = () => done(new Uint8Array(reader.result)); reader.onerror = failed; reader.readAsArrayBuffer(blob); });

  const drawn = (file) => new Promise((done, failed) => {
    const url = URL.createObjectURL(file), picture = new Image();
    picture.onload = () => { URL.revokeObjectURL(url); done(picture); };
    picture.onerror = () => { URL.revokeObjectURL(url); failed(new Error("picture")); };
    picture.src = url;
  });

  // A photograph that was chosen: {name, data}.
  async function taken(file, kindOf) {
    const picture = await drawn(file), bytes = await asBytes(file), kind = kindOf(bytes);
    const longer = Math.max(picture.naturalWidth, picture.naturalHeight), by = Math.min(1, SIDE / longer);
    const stem = file.name.replace(/\.\w+$/, "");
    if (by === 1 && bytes.length <= BYTES && ["jpeg", "png"].includes(kind))
      return { name: `${stem}.${kind === "png" ? "png" : "jpg"}`, data: await asUrl(new Blob([bytes], { type: `image/${kind}` })) };
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(picture.naturalWidth * by)); canvas.height = Math.max(1, Math.round(picture.naturalHeight * by));
    const pen = canvas.getContext("2d");
    // A JPEG has nothing that is seen through: without paper it would be black.
    pen.fillStyle = "#fff"; pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
    const made = await new Promise((done, failed) => canvas.toBlob((one) => (one ? done(one) : failed(new Error("picture"))), "image/jpeg", 0.82));
    const whole = withNoted(await asBytes(made), bytes);
    return { name: `${stem}.jpg`, data: await asUrl(new Blob([whole], { type: "image/jpeg" })) };
  }

  return { taken, withNoted, noted, asUrl, asBytes };
})();
if (typeof module !== "undefined") module.exports = Pictures;
