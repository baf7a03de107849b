// What a link preview and an oEmbed client of others make of an address: node read.mjs URL prints both as JSON.
import { extract } from "@extractus/oembed-extractor";
import openGraph from "open-graph-scraper";

const url = process.argv[2];
const limits = { maxwidth: Number(process.argv[3]) || undefined };
const preview = await openGraph({ url, timeout: 20 }).then(({ result }) => result, ({ result }) => ({ error: result.error }));
const embed = await extract(url, limits).catch((error) => ({ error: String(error) }));
console.log(JSON.stringify({ preview, embed }));
