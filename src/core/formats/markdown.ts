import MarkdownIt, { type Token } from 'markdown-it';

/**
 * The Markdown of questions and notes: CommonMark with tables and bare addresses as links. HTML in it is
 * text, and of a picture there is its text: who reads it fetches nothing.
 */
export const markdown = new MarkdownIt({ html: false, linkify: true, typographer: false });

markdown.core.ruler.push('pictures_as_text', ({ tokens }) => {
  for (const token of tokens.flatMap(({ children }) => children ?? [])) {
    if (token.type === 'image') Object.assign(token, { type: 'text', children: null });
  }
});

/** Its blocks one after the other, opened and closed; what is within a paragraph are their children. */
export const parseMarkdown = (source: string): Token[] => markdown.parse(source, {});
