var e=globalThis,t=e.ShadowRoot&&(e.ShadyCSS===void 0||e.ShadyCSS.nativeShadow)&&`adoptedStyleSheets`in Document.prototype&&`replace`in CSSStyleSheet.prototype,n=Symbol(),r=/* @__PURE__ */ new WeakMap,i=class{constructor(e,t,r){if(this._$cssResult$=!0,r!==n)throw Error("CSSResult is not constructable. Use `unsafeCSS` or `css` instead.");this.cssText=e,this.t=t}get styleSheet(){let e=this.o,n=this.t;if(t&&e===void 0){let t=n!==void 0&&n.length===1;t&&(e=r.get(n)),e===void 0&&((this.o=e=new CSSStyleSheet).replaceSync(this.cssText),t&&r.set(n,e))}return e}toString(){return this.cssText}},a=e=>new i(typeof e==`string`?e:e+``,void 0,n),o=(e,...t)=>new i(e.length===1?e[0]:t.reduce((t,n,r)=>t+(e=>{if(!0===e._$cssResult$)return e.cssText;if(typeof e==`number`)return e;throw Error(`Value passed to 'css' function must be a 'css' function result: `+e+`. Use 'unsafeCSS' to pass non-literal values, but take care to ensure page security.`)})(n)+e[r+1],e[0]),e,n),s=(n,r)=>{if(t)n.adoptedStyleSheets=r.map(e=>e instanceof CSSStyleSheet?e:e.styleSheet);else for(let t of r){let r=document.createElement(`style`),i=e.litNonce;i!==void 0&&r.setAttribute(`nonce`,i),r.textContent=t.cssText,n.appendChild(r)}},c=t?e=>e:e=>e instanceof CSSStyleSheet?(e=>{let t=``;for(let n of e.cssRules)t+=n.cssText;return a(t)})(e):e,{is:l,defineProperty:u,getOwnPropertyDescriptor:d,getOwnPropertyNames:f,getOwnPropertySymbols:p,getPrototypeOf:m}=Object,ee=globalThis,te=ee.trustedTypes,ne=te?te.emptyScript:``,re=ee.reactiveElementPolyfillSupport,ie=(e,t)=>e,ae={toAttribute(e,t){switch(t){case Boolean:e=e?ne:null;break;case Object:case Array:e=e==null?e:JSON.stringify(e)}return e},fromAttribute(e,t){let n=e;switch(t){case Boolean:n=e!==null;break;case Number:n=e===null?null:Number(e);break;case Object:case Array:try{n=JSON.parse(e)}catch{n=null}}return n}},oe=(e,t)=>!l(e,t),se={attribute:!0,type:String,converter:ae,reflect:!1,useDefault:!1,hasChanged:oe};Symbol.metadata??=Symbol(`metadata`),ee.litPropertyMetadata??=/* @__PURE__ */ new WeakMap;var h=class extends HTMLElement{static addInitializer(e){this._$Ei(),(this.l??=[]).push(e)}static get observedAttributes(){return this.finalize(),this._$Eh&&[...this._$Eh.keys()]}static createProperty(e,t=se){if(t.state&&(t.attribute=!1),this._$Ei(),this.prototype.hasOwnProperty(e)&&((t=Object.create(t)).wrapped=!0),this.elementProperties.set(e,t),!t.noAccessor){let n=Symbol(),r=this.getPropertyDescriptor(e,n,t);r!==void 0&&u(this.prototype,e,r)}}static getPropertyDescriptor(e,t,n){let{get:r,set:i}=d(this.prototype,e)??{get(){return this[t]},set(e){this[t]=e}};return{get:r,set(t){let a=r?.call(this);i?.call(this,t),this.requestUpdate(e,a,n)},configurable:!0,enumerable:!0}}static getPropertyOptions(e){return this.elementProperties.get(e)??se}static _$Ei(){if(this.hasOwnProperty(ie(`elementProperties`)))return;let e=m(this);e.finalize(),e.l!==void 0&&(this.l=[...e.l]),this.elementProperties=new Map(e.elementProperties)}static finalize(){if(this.hasOwnProperty(ie(`finalized`)))return;if(this.finalized=!0,this._$Ei(),this.hasOwnProperty(ie(`properties`))){let e=this.properties,t=[...f(e),...p(e)];for(let n of t)this.createProperty(n,e[n])}let e=this[Symbol.metadata];if(e!==null){let t=litPropertyMetadata.get(e);if(t!==void 0)for(let[e,n]of t)this.elementProperties.set(e,n)}this._$Eh=/* @__PURE__ */ new Map;for(let[e,t]of this.elementProperties){let n=this._$Eu(e,t);n!==void 0&&this._$Eh.set(n,e)}this.elementStyles=this.finalizeStyles(this.styles)}static finalizeStyles(e){let t=[];if(Array.isArray(e)){let n=new Set(e.flat(1/0).reverse());for(let e of n)t.unshift(c(e))}else e!==void 0&&t.push(c(e));return t}static _$Eu(e,t){let n=t.attribute;return!1===n?void 0:typeof n==`string`?n:typeof e==`string`?e.toLowerCase():void 0}constructor(){super(),this._$Ep=void 0,this.isUpdatePending=!1,this.hasUpdated=!1,this._$Em=null,this._$Ev()}_$Ev(){this._$ES=new Promise(e=>this.enableUpdating=e),this._$AL=/* @__PURE__ */ new Map,this._$E_(),this.requestUpdate(),this.constructor.l?.forEach(e=>e(this))}addController(e){(this._$EO??=/* @__PURE__ */ new Set).add(e),this.renderRoot!==void 0&&this.isConnected&&e.hostConnected?.()}removeController(e){this._$EO?.delete(e)}_$E_(){let e=/* @__PURE__ */ new Map,t=this.constructor.elementProperties;for(let n of t.keys())this.hasOwnProperty(n)&&(e.set(n,this[n]),delete this[n]);e.size>0&&(this._$Ep=e)}createRenderRoot(){let e=this.shadowRoot??this.attachShadow(this.constructor.shadowRootOptions);return s(e,this.constructor.elementStyles),e}connectedCallback(){this.renderRoot??=this.createRenderRoot(),this.enableUpdating(!0),this._$EO?.forEach(e=>e.hostConnected?.())}enableUpdating(e){}disconnectedCallback(){this._$EO?.forEach(e=>e.hostDisconnected?.())}attributeChangedCallback(e,t,n){this._$AK(e,n)}_$ET(e,t){let n=this.constructor.elementProperties.get(e),r=this.constructor._$Eu(e,n);if(r!==void 0&&!0===n.reflect){let i=(n.converter?.toAttribute===void 0?ae:n.converter).toAttribute(t,n.type);this._$Em=e,i==null?this.removeAttribute(r):this.setAttribute(r,i),this._$Em=null}}_$AK(e,t){let n=this.constructor,r=n._$Eh.get(e);if(r!==void 0&&this._$Em!==r){let e=n.getPropertyOptions(r),i=typeof e.converter==`function`?{fromAttribute:e.converter}:e.converter?.fromAttribute===void 0?ae:e.converter;this._$Em=r;let a=i.fromAttribute(t,e.type);this[r]=a??this._$Ej?.get(r)??a,this._$Em=null}}requestUpdate(e,t,n,r=!1,i){if(e!==void 0){let a=this.constructor;if(!1===r&&(i=this[e]),n??=a.getPropertyOptions(e),!((n.hasChanged??oe)(i,t)||n.useDefault&&n.reflect&&i===this._$Ej?.get(e)&&!this.hasAttribute(a._$Eu(e,n))))return;this.C(e,t,n)}!1===this.isUpdatePending&&(this._$ES=this._$EP())}C(e,t,{useDefault:n,reflect:r,wrapped:i},a){n&&!(this._$Ej??=/* @__PURE__ */ new Map).has(e)&&(this._$Ej.set(e,a??t??this[e]),!0!==i||a!==void 0)||(this._$AL.has(e)||(this.hasUpdated||n||(t=void 0),this._$AL.set(e,t)),!0===r&&this._$Em!==e&&(this._$Eq??=/* @__PURE__ */ new Set).add(e))}async _$EP(){this.isUpdatePending=!0;try{await this._$ES}catch(e){Promise.reject(e)}let e=this.scheduleUpdate();return e!=null&&await e,!this.isUpdatePending}scheduleUpdate(){return this.performUpdate()}performUpdate(){if(!this.isUpdatePending)return;if(!this.hasUpdated){if(this.renderRoot??=this.createRenderRoot(),this._$Ep){for(let[e,t]of this._$Ep)this[e]=t;this._$Ep=void 0}let e=this.constructor.elementProperties;if(e.size>0)for(let[t,n]of e){let{wrapped:e}=n,r=this[t];!0!==e||this._$AL.has(t)||r===void 0||this.C(t,void 0,n,r)}}let e=!1,t=this._$AL;try{e=this.shouldUpdate(t),e?(this.willUpdate(t),this._$EO?.forEach(e=>e.hostUpdate?.()),this.update(t)):this._$EM()}catch(t){throw e=!1,this._$EM(),t}e&&this._$AE(t)}willUpdate(e){}_$AE(e){this._$EO?.forEach(e=>e.hostUpdated?.()),this.hasUpdated||(this.hasUpdated=!0,this.firstUpdated(e)),this.updated(e)}_$EM(){this._$AL=/* @__PURE__ */ new Map,this.isUpdatePending=!1}get updateComplete(){return this.getUpdateComplete()}getUpdateComplete(){return this._$ES}shouldUpdate(e){return!0}update(e){this._$Eq&&=this._$Eq.forEach(e=>this._$ET(e,this[e])),this._$EM()}updated(e){}firstUpdated(e){}};h.elementStyles=[],h.shadowRootOptions={mode:`open`},h[ie(`elementProperties`)]=/* @__PURE__ */ new Map,h[ie(`finalized`)]=/* @__PURE__ */ new Map,re?.({ReactiveElement:h}),(ee.reactiveElementVersions??=[]).push(`2.1.2`);var ce=globalThis,le=e=>e,ue=ce.trustedTypes,de=ue?ue.createPolicy(`lit-html`,{createHTML:e=>e}):void 0,fe=`$lit$`,g=`lit$${Math.random().toFixed(9).slice(2)}$`,pe=`?`+g,me=`<${pe}>`,_=document,he=()=>_.createComment(``),ge=e=>e===null||typeof e!=`object`&&typeof e!=`function`,_e=Array.isArray,ve=e=>_e(e)||typeof e?.[Symbol.iterator]==`function`,ye=`[ 	
\f\r]`,be=/<(?:(!--|\/[^a-zA-Z])|(\/?[a-zA-Z][^>\s]*)|(\/?$))/g,xe=/-->/g,Se=/>/g,v=RegExp(`>|${ye}(?:([^\\s"'>=/]+)(${ye}*=${ye}*(?:[^ \t\n\f\r"'\`<>=]|("|')|))|$)`,`g`),Ce=/'/g,we=/"/g,Te=/^(?:script|style|textarea|title)$/i,Ee=e=>(t,...n)=>({_$litType$:e,strings:t,values:n}),y=Ee(1),De=Ee(2),b=Symbol.for(`lit-noChange`),x=Symbol.for(`lit-nothing`),Oe=/* @__PURE__ */ new WeakMap,S=_.createTreeWalker(_,129);function ke(e,t){if(!_e(e)||!e.hasOwnProperty(`raw`))throw Error(`invalid template strings array`);return de===void 0?t:de.createHTML(t)}var Ae=(e,t)=>{let n=e.length-1,r=[],i,a=t===2?`<svg>`:t===3?`<math>`:``,o=be;for(let t=0;t<n;t++){let n=e[t],s,c,l=-1,u=0;for(;u<n.length&&(o.lastIndex=u,c=o.exec(n),c!==null);)u=o.lastIndex,o===be?c[1]===`!--`?o=xe:c[1]===void 0?c[2]===void 0?c[3]!==void 0&&(o=v):(Te.test(c[2])&&(i=RegExp(`</`+c[2],`g`)),o=v):o=Se:o===v?c[0]===`>`?(o=i??be,l=-1):c[1]===void 0?l=-2:(l=o.lastIndex-c[2].length,s=c[1],o=c[3]===void 0?v:c[3]===`"`?we:Ce):o===we||o===Ce?o=v:o===xe||o===Se?o=be:(o=v,i=void 0);let d=o===v&&e[t+1].startsWith(`/>`)?` `:``;a+=o===be?n+me:l>=0?(r.push(s),n.slice(0,l)+fe+n.slice(l)+g+d):n+g+(l===-2?t:d)}return[ke(e,a+(e[n]||`<?>`)+(t===2?`</svg>`:t===3?`</math>`:``)),r]},je=class e{constructor({strings:t,_$litType$:n},r){let i;this.parts=[];let a=0,o=0,s=t.length-1,c=this.parts,[l,u]=Ae(t,n);if(this.el=e.createElement(l,r),S.currentNode=this.el.content,n===2||n===3){let e=this.el.content.firstChild;e.replaceWith(...e.childNodes)}for(;(i=S.nextNode())!==null&&c.length<s;){if(i.nodeType===1){if(i.hasAttributes())for(let e of i.getAttributeNames())if(e.endsWith(fe)){let t=u[o++],n=i.getAttribute(e).split(g),r=/([.?@])?(.*)/.exec(t);c.push({type:1,index:a,name:r[2],strings:n,ctor:r[1]===`.`?Fe:r[1]===`?`?Ie:r[1]===`@`?Le:Pe}),i.removeAttribute(e)}else e.startsWith(g)&&(c.push({type:6,index:a}),i.removeAttribute(e));if(Te.test(i.tagName)){let e=i.textContent.split(g),t=e.length-1;if(t>0){i.textContent=ue?ue.emptyScript:``;for(let n=0;n<t;n++)i.append(e[n],he()),S.nextNode(),c.push({type:2,index:++a});i.append(e[t],he())}}}else if(i.nodeType===8){if(i.data===pe)c.push({type:2,index:a});else{let e=-1;for(;(e=i.data.indexOf(g,e+1))!==-1;)c.push({type:7,index:a}),e+=g.length-1}}a++}}static createElement(e,t){let n=_.createElement(`template`);return n.innerHTML=e,n}};function C(e,t,n=e,r){if(t===b)return t;let i=r===void 0?n._$Cl:n._$Co?.[r],a=ge(t)?void 0:t._$litDirective$;return i?.constructor!==a&&(i?._$AO?.(!1),a===void 0?i=void 0:(i=new a(e),i._$AT(e,n,r)),r===void 0?n._$Cl=i:(n._$Co??=[])[r]=i),i!==void 0&&(t=C(e,i._$AS(e,t.values),i,r)),t}var Me=class{constructor(e,t){this._$AV=[],this._$AN=void 0,this._$AD=e,this._$AM=t}get parentNode(){return this._$AM.parentNode}get _$AU(){return this._$AM._$AU}u(e){let{el:{content:t},parts:n}=this._$AD,r=(e?.creationScope??_).importNode(t,!0);S.currentNode=r;let i=S.nextNode(),a=0,o=0,s=n[0];for(;s!==void 0;){if(a===s.index){let t;s.type===2?t=new Ne(i,i.nextSibling,this,e):s.type===1?t=new s.ctor(i,s.name,s.strings,this,e):s.type===6&&(t=new Re(i,this,e)),this._$AV.push(t),s=n[++o]}a!==s?.index&&(i=S.nextNode(),a++)}return S.currentNode=_,r}p(e){let t=0;for(let n of this._$AV)n!==void 0&&(n.strings===void 0?n._$AI(e[t]):(n._$AI(e,n,t),t+=n.strings.length-2)),t++}},Ne=class e{get _$AU(){return this._$AM?._$AU??this._$Cv}constructor(e,t,n,r){this.type=2,this._$AH=x,this._$AN=void 0,this._$AA=e,this._$AB=t,this._$AM=n,this.options=r,this._$Cv=r?.isConnected??!0}get parentNode(){let e=this._$AA.parentNode,t=this._$AM;return t!==void 0&&e?.nodeType===11&&(e=t.parentNode),e}get startNode(){return this._$AA}get endNode(){return this._$AB}_$AI(e,t=this){e=C(this,e,t),ge(e)?e===x||e==null||e===``?(this._$AH!==x&&this._$AR(),this._$AH=x):e!==this._$AH&&e!==b&&this._(e):e._$litType$===void 0?e.nodeType===void 0?ve(e)?this.k(e):this._(e):this.T(e):this.$(e)}O(e){return this._$AA.parentNode.insertBefore(e,this._$AB)}T(e){this._$AH!==e&&(this._$AR(),this._$AH=this.O(e))}_(e){this._$AH!==x&&ge(this._$AH)?this._$AA.nextSibling.data=e:this.T(_.createTextNode(e)),this._$AH=e}$(e){let{values:t,_$litType$:n}=e,r=typeof n==`number`?this._$AC(e):(n.el===void 0&&(n.el=je.createElement(ke(n.h,n.h[0]),this.options)),n);if(this._$AH?._$AD===r)this._$AH.p(t);else{let e=new Me(r,this),n=e.u(this.options);e.p(t),this.T(n),this._$AH=e}}_$AC(e){let t=Oe.get(e.strings);return t===void 0&&Oe.set(e.strings,t=new je(e)),t}k(t){_e(this._$AH)||(this._$AH=[],this._$AR());let n=this._$AH,r,i=0;for(let a of t)i===n.length?n.push(r=new e(this.O(he()),this.O(he()),this,this.options)):r=n[i],r._$AI(a),i++;i<n.length&&(this._$AR(r&&r._$AB.nextSibling,i),n.length=i)}_$AR(e=this._$AA.nextSibling,t){for(this._$AP?.(!1,!0,t);e!==this._$AB;){let t=le(e).nextSibling;le(e).remove(),e=t}}setConnected(e){this._$AM===void 0&&(this._$Cv=e,this._$AP?.(e))}},Pe=class{get tagName(){return this.element.tagName}get _$AU(){return this._$AM._$AU}constructor(e,t,n,r,i){this.type=1,this._$AH=x,this._$AN=void 0,this.element=e,this.name=t,this._$AM=r,this.options=i,n.length>2||n[0]!==``||n[1]!==``?(this._$AH=Array(n.length-1).fill(/* @__PURE__ */ new String),this.strings=n):this._$AH=x}_$AI(e,t=this,n,r){let i=this.strings,a=!1;if(i===void 0)e=C(this,e,t,0),a=!ge(e)||e!==this._$AH&&e!==b,a&&(this._$AH=e);else{let r=e,o,s;for(e=i[0],o=0;o<i.length-1;o++)s=C(this,r[n+o],t,o),s===b&&(s=this._$AH[o]),a||=!ge(s)||s!==this._$AH[o],s===x?e=x:e!==x&&(e+=(s??``)+i[o+1]),this._$AH[o]=s}a&&!r&&this.j(e)}j(e){e===x?this.element.removeAttribute(this.name):this.element.setAttribute(this.name,e??``)}},Fe=class extends Pe{constructor(){super(...arguments),this.type=3}j(e){this.element[this.name]=e===x?void 0:e}},Ie=class extends Pe{constructor(){super(...arguments),this.type=4}j(e){this.element.toggleAttribute(this.name,!!e&&e!==x)}},Le=class extends Pe{constructor(e,t,n,r,i){super(e,t,n,r,i),this.type=5}_$AI(e,t=this){if((e=C(this,e,t,0)??x)===b)return;let n=this._$AH,r=e===x&&n!==x||e.capture!==n.capture||e.once!==n.once||e.passive!==n.passive,i=e!==x&&(n===x||r);r&&this.element.removeEventListener(this.name,this,n),i&&this.element.addEventListener(this.name,this,e),this._$AH=e}handleEvent(e){typeof this._$AH==`function`?this._$AH.call(this.options?.host??this.element,e):this._$AH.handleEvent(e)}},Re=class{constructor(e,t,n){this.element=e,this.type=6,this._$AN=void 0,this._$AM=t,this.options=n}get _$AU(){return this._$AM._$AU}_$AI(e){C(this,e)}},ze={M:fe,P:g,A:pe,C:1,L:Ae,R:Me,D:ve,V:C,I:Ne,H:Pe,N:Ie,U:Le,B:Fe,F:Re},Be=ce.litHtmlPolyfillSupport;Be?.(je,Ne),(ce.litHtmlVersions??=[]).push(`3.3.3`);var Ve=(e,t,n)=>{let r=n?.renderBefore??t,i=r._$litPart$;if(i===void 0){let e=n?.renderBefore??null;r._$litPart$=i=new Ne(t.insertBefore(he(),e),e,void 0,n??{})}return i._$AI(e),i},He=globalThis,w=class extends h{constructor(){super(...arguments),this.renderOptions={host:this},this._$Do=void 0}createRenderRoot(){let e=super.createRenderRoot();return this.renderOptions.renderBefore??=e.firstChild,e}update(e){let t=this.render();this.hasUpdated||(this.renderOptions.isConnected=this.isConnected),super.update(e),this._$Do=Ve(t,this.renderRoot,this.renderOptions)}connectedCallback(){super.connectedCallback(),this._$Do?.setConnected(!0)}disconnectedCallback(){super.disconnectedCallback(),this._$Do?.setConnected(!1)}render(){return b}};w._$litElement$=!0,w.finalized=!0,He.litElementHydrateSupport?.({LitElement:w});var Ue=He.litElementPolyfillSupport;Ue?.({LitElement:w}),(He.litElementVersions??=[]).push(`4.2.2`);var T=1e6,We=1e5,Ge=1e4,Ke={reveal:[],hide:[]};function qe(e){return{reveal:e.reveal.map(({shape:e,keys:t,rejected:n})=>({shape:e===`ellipse`?`ellipse`:`box`,keys:t.map(({at_us:e,box:t,confirmed:n})=>({at_us:e,box:Je(t),confirmed:n})),rejected:n.map(([e=0,t=0])=>[e,t])})),hide:e.hide.map(({keys:e})=>({keys:e.map(({at_us:e,box:t})=>({at_us:e,box:Je(t)}))}))}}function Je([e=0,t=0,n=0,r=0]){return[e,t,n,r]}function Ye(e,t,n){let r=n-e.at_us,i=t.at_us-e.at_us,a=n=>(e.box[n]*(i-r)+t.box[n]*r)/i;return[a(0),a(1),a(2),a(3)]}function Xe(e,t){let[n,r]=[0,e.length];for(;n<r;){let i=n+r>>1;(e[i]?.at_us??0)<=t?n=i+1:r=i}return n}function Ze({rejected:e},t){return e.some(([e,n])=>e<=t&&t<=n)}function Qe(e,t){if(Ze(e,t))return null;let n=Xe(e.keys,t),r=e.keys[n-1];if(!r?.confirmed)return null;if(r.at_us===t)return r.box;let i=e.keys[n];return i?.confirmed?Ye(r,i,t):null}function $e({keys:e},t){let[n,r]=[e[0],e.at(-1)];return!n||!r||t<n.at_us-1e5||t>r.at_us+1e5?null:et(e,t)}function et(e,t){let n=Xe(e,t),[r,i]=[e[n-1],e[n]];return r&&i&&r.at_us!==t?Ye(r,i,t):(r??i)?.box??null}function tt(e,{kind:t,index:n},r){if(t===`hide`)return e.hide[n]&&$e(e.hide[n],r)?`in_force`:`outside`;let i=e.reveal[n];if(!i)return`outside`;if(Ze(i,r))return`rejected`;if(Qe(i,r))return`in_force`;let[a,o]=[i.keys[0],i.keys.at(-1)];return a&&o&&a.at_us<=r&&r<=o.at_us?`proposed`:`outside`}function E(e,{kind:t,index:n}){return(t===`reveal`?e.reveal[n]?.keys:e.hide[n]?.keys)??[]}function nt(e,t,n){return E(e,t).find(e=>e.at_us===n)}function rt({keys:e,rejected:t}){let n=[];return e.forEach((t,r)=>{if(!t.confirmed)return;let i=e[r-1],a=n.at(-1);i?.confirmed&&a?n[n.length-1]=[a[0],t.at_us]:n.push([t.at_us,t.at_us])}),t.reduce((e,[t,n])=>e.flatMap(e=>it(e,t,n)),n)}function it([e,t],n,r){return r<e||t<n?[[e,t]]:[[e,n-1],[r+1,t]].filter(([e,t])=>e<=t)}function at(e,t,n){return Math.min(Math.max(e,t),n)}function D([e,t,n,r]){let[i,a]=ot(e,n),[o,s]=ot(t,r);return[i,o,a,s]}function ot(e,t){let n=at(Math.round(Math.min(e,t)),0,99e4);return[n,at(Math.round(Math.max(e,t)),n+Ge,T)]}function st([e,t,n,r],i,a){let o=at(i,-e,T-n),s=at(a,-t,T-r);return D([e+o,t+s,n+o,r+s])}function ct([e,t,n,r],i,a,o){return D([i.includes(`w`)?Math.min(e+a,n-Ge):e,i.includes(`n`)?Math.min(t+o,r-Ge):t,i.includes(`e`)?Math.max(n+a,e+Ge):n,i.includes(`s`)?Math.max(r+o,t+Ge):r])}function lt(e,t){return[...e.filter(e=>e.at_us!==t.at_us),t].sort((e,t)=>e.at_us-t.at_us)}function ut(e,t,n){return e.map((e,r)=>r===t?n(e):e)}function O(e,t,n){return{...e,reveal:ut(e.reveal,t,n)}}function dt(e,{kind:t,index:n},r,i){let a={at_us:r,box:D(i)};if(t===`hide`)return{...e,hide:ut(e.hide,n,({keys:e})=>({keys:lt(e,a)}))};let o=e.reveal[n]?.keys??[],s=O(e,n,e=>({...e,keys:lt(e.keys,{...a,confirmed:!0})})),[c,l]=[o[0],o.at(-1)];return l&&r-l.at_us>1e6?yt(s,n,l.at_us+1,r-1):c&&c.at_us-r>1e6?yt(s,n,r+1,c.at_us-1):s}function ft(e,t,n){return E(e,t).filter(e=>e.at_us!==n).length?t.kind===`hide`?{...e,hide:ut(e.hide,t.index,({keys:e})=>({keys:e.filter(e=>e.at_us!==n)}))}:pt(e,t.index,e=>e.at_us===n):Ct(e,t)}function pt(e,t,n){let r=e.reveal[t]?.keys??[],i=r.filter(e=>!n(e)),a=O(e,t,e=>({...e,keys:i}));return i.reduce((e,n,a)=>{let o=i[a-1];return o&&r.some(e=>!e.confirmed&&o.at_us<e.at_us&&e.at_us<n.at_us)&&o.confirmed&&n.confirmed?mt(e,t,o.at_us,n.at_us):e},a)}function mt(e,t,n,r){return r-n>1?yt(e,t,n+1,r-1):e}function ht(e,t){return O(e,t,e=>({...e,keys:e.keys.map(e=>({...e,confirmed:!0}))}))}function gt(e,t){return e.reveal[t]?.keys.some(e=>e.confirmed)?pt(e,t,e=>!e.confirmed):Ct(e,{kind:`reveal`,index:t})}function _t(e,t){return e.reveal[t]?.keys.filter(e=>!e.confirmed)??[]}function vt(e,t,n,r){let i=e.reveal[t]?.keys.find(e=>e.at_us>n&&e.confirmed)?.at_us,a=i??1/0,o=r.filter(({at_us:e})=>e>n&&e<a).map(({at_us:e,box:t})=>({at_us:e,box:D(t),confirmed:!1}));if(!o.length)return e;let s=O(pt(e,t,e=>!e.confirmed&&e.at_us>n&&e.at_us<a),t,n=>({...n,rejected:e.reveal[t]?.rejected??[],keys:[...n.keys,...o].sort((e,t)=>e.at_us-t.at_us)})),c=o.at(-1)?.at_us??n;return i!==void 0&&i-c>1e6?mt(s,t,c,i):s}function yt(e,t,n,r){let[i,a]=[Math.min(n,r),Math.max(n,r)];return O(e,t,e=>{let t=([e,t])=>e<=a&&i<=t,n=e.rejected.filter(e=>!t(e)),r=e.rejected.filter(t),o=[Math.min(i,...r.map(([e])=>e)),Math.max(a,...r.map(([,e])=>e))];return{...e,rejected:[...n,o].sort((e,t)=>e[0]-t[0])}})}function bt(e,t,n){return O(e,t,e=>({...e,rejected:e.rejected.filter(([e,t])=>n<e||t<n)}))}function xt(e,t,n){let r=[{at_us:t,box:D(n),confirmed:!0}];return{...e,reveal:[...e.reveal,{shape:`box`,keys:r,rejected:[]}]}}function St(e,t,n){return{...e,hide:[...e.hide,{keys:[{at_us:t,box:D(n)}]}]}}function Ct(e,{kind:t,index:n}){return{...e,[t]:e[t].filter((e,t)=>t!==n)}}function wt(e,t,n){return O(e,t,e=>({...e,shape:n}))}function Tt(e,t){let[n,r]=[0,e.length];for(;n<r;){let i=n+r>>1;(e[i]??0)<=t?n=i+1:r=i}return Math.max(0,n-1)}function Et(e){return{now:e,past:[],future:[],step:``}}function Dt(e,t,n=``){return t===e.now?e:n&&n===e.step?{...e,now:t,future:[]}:{now:t,past:[...e.past,e.now].slice(-200),future:[],step:n}}function Ot(e){let t=e.past.at(-1);return t?{now:t,past:e.past.slice(0,-1),future:[e.now,...e.future],step:``}:e}function kt(e){let[t,...n]=e.future;return t?{now:t,past:[...e.past,e.now],future:n,step:``}:e}var At=3e3,k=`niiza_cctv`,jt=class extends Error{cause;constructor(e){super(e.message??e.code??``),this.cause=e}get refusesPerson(){return this.cause.code===`unauthorized`||!!this.cause.translation_key?.startsWith(`not_allowed`)}};function Mt(e){return new jt(typeof e==`object`&&e?e:{message:String(e)})}function Nt(e){return Object.fromEntries(Object.entries(e).filter(([,e])=>e!==void 0&&e!==``))}var Pt=class{connection;constructor(e){this.connection=e}async send(e){try{return await this.connection.sendMessagePromise(e)}catch(e){throw Mt(e)}}async act(e,t){let{response:n}=await this.send({type:`call_service`,domain:k,service:e,service_data:Nt(t),return_response:!0});return n}async actOn(e,t,n,r){let i=Nt(t);if(!Object.keys(i).length)return this.act(n,r);let{draft_id:a}=await this.send({type:`${k}/save_draft`,step:e,fields:i});try{return await this.act(n,{...r,draft_id:a})}catch(e){throw this.send({type:`${k}/discard_draft`,draft_id:a}).catch(()=>void 0),e}}info=()=>this.send({type:`${k}/info`});changes=async e=>{try{return await this.connection.subscribeMessage(e,{type:`${k}/subscribe`},{resubscribe:!1})}catch(e){throw Mt(e)}};ledgerPage=e=>this.send({type:`${k}/ledger`,...e?{before:e}:{}});playback=(e,t,n)=>this.send({type:`${k}/playback`,camera:e,start:t,end:n});watchClip=e=>this.send({type:`${k}/watch_clip`,clip:e});openCounter=async(e,t,n)=>{let{draft_id:r}=await this.send({type:`${k}/save_draft`,step:`show_at_counter`,fields:Nt({present:n})});try{return await this.send({type:`${k}/open_counter`,item:e,shown_to:t,draft_id:r})}catch(e){throw this.send({type:`${k}/discard_draft`,draft_id:r}).catch(()=>void 0),e}};endCounter=e=>this.send({type:`${k}/end_counter`,showing:e});tellWatched=(e,{speed:t,reaches:n})=>this.send({type:`${k}/watched`,clip:e,speed:t,reaches:n});checks=()=>this.send({type:`${k}/checks`});checkHistory=e=>this.send({type:`${k}/check_history`,check:e}).then(e=>e.history);recordCheck=(e,t,n,r)=>this.actOn(`record_check`,n,`record_check`,{check:e,result:t,photo:r});cameraSettings=e=>this.send({type:`${k}/camera_settings`,...e?{camera:e}:{}});settingsRequest=e=>this.send({type:`${k}/settings_request`,token:e});acceptance=(e,t)=>this.send({type:`${k}/acceptance`,camera:e,language:t});startAcceptance=(e,t)=>this.send({type:`${k}/acceptance_start`,camera:e,language:t});cancelAcceptance=()=>this.send({type:`${k}/acceptance_cancel`});acceptanceAnswers=e=>this.send({type:`${k}/acceptance_answers`,camera:e});switchAudioOff=e=>this.act(`switch_audio_off`,{camera:e});setResolution=(e,t,n)=>this.act(`set_resolution`,{camera:e,resolution:t,hours:n});setClock=(e,t)=>this.act(`set_clock`,{camera:e,ntp_server:t});listCases=async()=>(await this.act(`list_cases`,{})).cases;getCase=e=>this.act(`get_case`,{case:e});maskTrack=e=>this.send({type:`${k}/mask_track`,item:e});saveMaskTrack=(e,t,n)=>this.send({type:`${k}/save_mask_track`,clip:e,track:t,based_on:n});maskView=e=>this.send({type:`${k}/mask_view`,clip:e});proposeTrack=(e,t,n,r)=>{let[i,a,o,s]=n.map(e=>e/T);return this.act(`propose_track`,{clip:e,at:t/1e6,left:i,top:a,right:o,bottom:s,seconds:r})};renderMaskedClip=(e,t,n)=>this.act(`render_masked_clip`,{clip:e,track_sha256:t,...n});findRecordings=(e,t)=>this.act(`find_recordings`,{...e,case:t}).then(e=>e.cameras);createCase=(e,t,n)=>this.actOn(`create`,t,`create_case`,{kind:e,...n});exportClip=(e,t)=>this.act(`export_clip`,{case:e,...t});sealEarly=e=>this.act(`seal_early`,{clip:e});cancelClip=e=>this.act(`cancel_clip`,{clip:e});registerFootage=(e,t,n)=>this.actOn(`register_footage`,n,`register_footage`,{case:e,...t});approve=(e,t,n,r)=>this.actOn(`approve`,{note:t},`approve_case`,{case:e,items:n,decision:r});proposeDecision=(e,t,n)=>this.actOn(`propose_decision`,{reasons:n},`propose_decision`,{case:e,...t});chooseForRelease=(e,t)=>this.act(`choose_for_release`,{case:e,items:t});cutClip=(e,t,n,r)=>this.act(`cut_clip`,{clip:e,start:t,end:n,encode_anew:r});withdrawClip=(e,t)=>this.act(`withdraw_clip`,{item:e,decision:t});reject=(e,t)=>this.actOn(`reject`,{reason:t},`reject_case`,{case:e});release=(e,t)=>this.act(`release_case`,{case:e,encrypt:t});handOver=(e,t,n,r)=>this.actOn(`hand_over`,{recipient:t,medium:n,medium_serial:r},`hand_over`,{case:e});conclude=(e,t,n)=>this.actOn(`conclude`,{reasons:n},`conclude_case`,{case:e,outcome:t});keepOpen=e=>this.act(`keep_open`,{case:e});purge=e=>this.act(`purge_case`,{case:e});dismissNotice=e=>this.send({type:`${k}/dismiss_notice`,tag:e});exportLedger=e=>this.act(`export_ledger`,{form:e});people=()=>this.send({type:`${k}/people`});confirmAppointment=e=>this.act(`confirm_appointment`,{appointment:e});declineAppointment=e=>this.act(`decline_appointment`,{appointment:e});verifyLedger=()=>this.act(`verify_ledger`,{})};async function Ft(e,t,n,r){return await(await e.fetchWithAuth(`/api/${k}/settings/${encodeURIComponent(t)}`,{method:`POST`,headers:{"Content-Type":`application/json`},body:JSON.stringify({username:n,password:r})})).json()}var A=o`
  :host {
    display: block;
    color: var(--primary-text-color);
    font-family: var(--ha-font-family-body, var(--paper-font-body1_-_font-family, sans-serif));
    font-size: 16px;
    line-height: 1.6;
    -webkit-font-smoothing: antialiased;
    /* Home Assistant's colours are chosen for surfaces: as letters, and under letters, they are too weak (2.1 to 4.3 : 1,
       and 4.5 is needed). Mixed with the text's own colour they get stronger in light and dark, whatever the theme. */
    --niiza-primary-letters: color-mix(in srgb, var(--primary-color) 55%, var(--primary-text-color));
    --niiza-error-letters: color-mix(in srgb, var(--error-color) 65%, var(--primary-text-color));
    --niiza-primary-surface: color-mix(in srgb, var(--primary-color) 65%, #000);
    --niiza-error-surface: color-mix(in srgb, var(--error-color) 75%, #000);
  }
  * {
    box-sizing: border-box;
  }
  h1,
  h2,
  h3 {
    font-weight: 500;
    line-height: 1.35;
    margin: 0;
  }
  h1 {
    font-size: 1.6rem;
  }
  h2 {
    font-size: 1.2rem;
    margin-block-end: 12px;
  }
  h3 {
    font-size: 1rem;
  }
  h1:focus {
    outline: none;
  }
  p {
    margin: 0 0 8px;
  }
  ul,
  ol {
    list-style: none;
    margin: 0;
    padding: 0;
  }
  a {
    color: var(--niiza-primary-letters);
  }
  .page {
    display: grid;
    gap: 16px;
    margin: 0 auto;
    max-width: 1100px;
    padding: 20px 16px 64px;
  }
  ha-card {
    display: block;
    padding: 20px;
  }
  .row {
    align-items: center;
    display: flex;
    flex-wrap: wrap;
    gap: 12px;
  }
  .spread {
    justify-content: space-between;
  }
  .soft {
    color: var(--secondary-text-color);
  }
  .small {
    font-size: 0.875rem;
  }
  .mono {
    font-family: var(--ha-font-family-code, ui-monospace, monospace);
    overflow-wrap: anywhere;
  }
  .with-icon {
    align-items: center;
    display: inline-flex;
    gap: 6px;
  }
  ha-icon {
    --mdc-icon-size: 20px;
    flex: none;
  }
  button,
  .button {
    align-items: center;
    background: transparent;
    border: 1px solid var(--outline-color, var(--divider-color));
    border-radius: 12px;
    color: var(--primary-text-color);
    cursor: pointer;
    display: inline-flex;
    font: inherit;
    font-weight: 500;
    gap: 8px;
    justify-content: center;
    min-block-size: 48px;
    padding: 8px 20px;
    text-decoration: none;
  }
  button:hover:not(:disabled),
  .button:hover {
    background: color-mix(in srgb, var(--primary-text-color) 8%, transparent);
  }
  button.main,
  .button.main {
    background: var(--niiza-primary-surface);
    border-color: var(--niiza-primary-surface);
    color: #fff;
  }
  button.main:hover:not(:disabled),
  .button.main:hover {
    background: color-mix(in srgb, var(--niiza-primary-surface) 85%, #000);
  }
  button.danger {
    border-color: var(--niiza-error-letters);
    color: var(--niiza-error-letters);
  }
  button.flat {
    border-color: transparent;
    padding-inline: 12px;
  }
  button:disabled {
    border-style: dashed;
    background: transparent;
    color: var(--secondary-text-color);
    cursor: not-allowed;
  }
  :focus-visible,
  /* Within which the calendar's button may have it. */
  input:is([type="date"], [type="datetime-local"]):focus-within {
    outline: 3px solid var(--niiza-primary-letters);
    outline-offset: 2px;
  }
  /* What is led to must not end up under the bar that stays on top. */
  input,
  select,
  textarea,
  button,
  a,
  ha-card,
  .field,
  [tabindex] {
    scroll-margin-block: calc(var(--header-height, 56px) + 72px) 24px;
  }
  label,
  legend {
    font-weight: 500;
  }
  fieldset {
    border: 0;
    margin: 0;
    min-inline-size: 0;
    padding: 0;
  }
  fieldset > legend {
    margin-block-end: 8px;
    padding: 0;
  }
  .field {
    /* Fields in a row stand in line, whichever has a help above it. */
    align-content: end;
    display: grid;
    gap: 4px;
  }
  .field .small {
    font-weight: 400;
  }
  .field .wrong {
    color: var(--niiza-error-letters);
  }
  .field .wrong:not([hidden])::before {
    content: "⚠ ";
  }
  .field [aria-invalid] {
    border: 2px solid var(--niiza-error-letters);
  }
  .fields {
    display: grid;
    gap: 16px;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 280px), 1fr));
  }
  .wide {
    grid-column: 1 / -1;
  }
  input:not([type="radio"], [type="checkbox"]),
  select,
  textarea {
    background: var(--card-background-color);
    border: 1px solid var(--outline-color, var(--secondary-text-color));
    border-radius: 8px;
    color: var(--primary-text-color);
    font: inherit;
    inline-size: 100%;
    min-block-size: 48px;
    padding: 8px 12px;
  }
  textarea {
    min-block-size: 96px;
    resize: vertical;
  }
  input[type="radio"],
  input[type="checkbox"] {
    accent-color: var(--niiza-primary-surface);
    block-size: 24px;
    flex: none;
    inline-size: 24px;
    margin: 0;
  }
  .choice {
    align-items: center;
    border: 1px solid var(--divider-color);
    border-radius: 12px;
    cursor: pointer;
    display: flex;
    gap: 12px;
    min-block-size: 48px;
    padding: 8px 16px;
  }
  .choice:has(:checked) {
    border-color: var(--primary-color);
    box-shadow: inset 0 0 0 1px var(--primary-color);
  }
  .choices {
    display: grid;
    gap: 8px;
    grid-template-columns: repeat(auto-fill, minmax(min(100%, 220px), 1fr));
  }
  .mark {
    color: var(--niiza-error-letters);
    font-weight: 400;
  }
  .chip {
    align-items: center;
    border: 1px solid currentColor;
    border-radius: 999px;
    display: inline-flex;
    font-size: 0.875rem;
    font-weight: 500;
    gap: 6px;
    padding: 2px 12px 2px 8px;
    white-space: nowrap;
  }
  .chip.turn {
    background: var(--niiza-primary-surface);
    border-color: var(--niiza-primary-surface);
    color: #fff;
  }
  .chip.risk {
    background: color-mix(in srgb, var(--error-color) 8%, transparent);
    color: var(--niiza-error-letters);
  }
  .chip.done {
    color: var(--secondary-text-color);
  }
  dl {
    display: grid;
    gap: 6px 20px;
    grid-template-columns: max-content 1fr;
    margin: 0;
  }
  dt {
    color: var(--secondary-text-color);
  }
  dd {
    margin: 0;
    overflow-wrap: anywhere;
    white-space: pre-wrap;
  }
  progress {
    appearance: none;
    background: var(--divider-color);
    block-size: 12px;
    border: 0;
    border-radius: 6px;
    inline-size: 100%;
    overflow: hidden;
  }
  progress::-webkit-progress-bar {
    background: var(--divider-color);
  }
  progress::-webkit-progress-value {
    background: var(--primary-color);
  }
  progress::-moz-progress-bar {
    background: var(--primary-color);
  }
  .bar {
    background: color-mix(in srgb, var(--success-color) 45%, transparent);
    block-size: 20px;
    border: 1px solid var(--divider-color);
    border-radius: 6px;
    overflow: hidden;
    position: relative;
  }
  .bar .gap {
    /* Striped, so that a gap shows without its colour. */
    background: repeating-linear-gradient(
      -45deg,
      var(--card-background-color) 0 5px,
      var(--error-color) 5px 7px
    );
    inset-block: 0;
    position: absolute;
  }
  .bar .marked {
    /* By its edges, too. */
    background: color-mix(in srgb, var(--primary-color) 35%, transparent);
    border-inline: 3px solid var(--primary-color);
    inset-block: 0;
    position: absolute;
  }
  .bar .now {
    background: var(--primary-text-color);
    inline-size: 3px;
    inset-block: 0;
    position: absolute;
  }
  @media (max-width: 600px) {
    dl {
      grid-template-columns: 1fr;
      gap: 0;
    }
    dd {
      margin-block-end: 10px;
    }
    ha-card {
      padding: 16px;
    }
  }
`,j=class extends Error{key;values;constructor(e,t){super(e),this.key=e,this.values=t}};async function It(e){await Promise.all([`config_panel`,`exceptions`,`selector`,`services`].map(t=>e.loadBackendTranslation(t,k)))}function Lt(e){return(t,n)=>e.localize(`component.niiza_cctv.config_panel.${t}`,n)||t}function M(e,t,n,r){let i=e(t,r);return i===t?n:i}function Rt(e,t,n){if(n instanceof j)return t(n.key,n.values);if(!(n instanceof jt))return t(`common.failed`);let{translation_domain:r,translation_key:i,translation_placeholders:a,message:o,code:s}=n.cause;return i&&e.localize(`component.${r??`niiza_cctv`}.exceptions.${i}.message`,a)||(s===`unauthorized`?t(`common.unauthorized`):s===`unknown_command`?t(`board.starting`):o??t(`common.failed`))}var N=`/niiza-cctv`,P=class extends w{static styles=[A];static properties={context:{attribute:!1},busy:{state:!0},error:{state:!0},refused:{state:!0}};constructor(){super(),this.busy=``,this.error=``,this.refused=!1}async attempt(e,t){if(this.busy)return!1;this.busy=e,this.error=``,this.refused=!1;try{return await t(),!0}catch(e){return this.error=this.wording(e),this.refused=e instanceof jt&&e.refusesPerson,!1}finally{this.busy=``}}wording(e){return Rt(this.context.hass,this.context.t,e)}errorAlert(e=this.error){return e?y`<ha-alert alert-type="error" role="alert">${e}</ha-alert>`:x}},F=class extends P{static properties={...P.properties,changes:{type:Number},unread:{state:!0}};reading=!1;again=!1;constructor(){super(),this.changes=0,this.unread=``}willUpdate(e){e.has(`changes`)&&this.refresh()}async refresh(){if(this.reading)this.again=!0;else{this.reading=!0;try{do this.again=!1,await this.read(),this.unread=``;while(this.again)}catch(e){this.unread=this.wording(e)}finally{this.reading=!1}}}firstUpdated(){this.shadowRoot?.querySelector(`h1`)?.focus({preventScroll:!0})}};function zt(e){history.pushState(null,``,`${N}/${e}`),window.dispatchEvent(new CustomEvent(`location-changed`))}async function Bt(e){try{return await navigator.clipboard.writeText(e),!0}catch{return!1}}function Vt(e,t,n,r){let i=document.createElement(`iframe`);i.title=e,i.style.cssText=`position:fixed;inline-size:0;block-size:0;border:0`,document.body.append(i);let a=i.contentDocument,o=i.contentWindow;if(!a||!o)return;a.title=e,a.documentElement.lang=n;let s=a.createElement(`style`);s.textContent=`
    @page { size: A4; margin: 20mm }
    body { font: 12pt/1.7 sans-serif; color: #000 }
    h1 { font-size: 16pt }${t}`,a.head.append(s);let c=a.createElement(`h1`);c.textContent=e,a.body.append(c,...r(a)),o.addEventListener(`afterprint`,()=>{i.remove()}),o.focus(),o.print()}function Ht(e,t){Vt(e,`
    dt { font-weight: bold; margin-block-start: 6mm }
    dd { margin: 0; overflow-wrap: anywhere; font-family: monospace }`,``,e=>{let n=e.createElement(`dl`);for(let[r,i]of t){let t=e.createElement(`dt`);t.textContent=r;let a=e.createElement(`dd`);a.textContent=i,n.append(t,a)}return[n]})}var Ut=1500,Wt={good:`○`,limit:`△`,bad:`×`,unknown:`?`,plain:`・`},Gt={fit:`○`,limits:`△`,unfit:`×`,unknown:`?`},Kt={limits:`limit`,unfit:`bad`,unknown:`unknown`},qt=[`onvif`,`read_back`,`index`,`event`,`log_in`],Jt=[`tested_by`,`witnessed_by`,`accepted_by`,`date`],Yt=`
    @page { size: A4; margin: 16mm; @bottom-right { content: counter(page) " / " counter(pages); font-size: 8pt } }
    body { font: 9.5pt/1.5 "Noto Sans CJK JP", "Hiragino Sans", "Yu Gothic", sans-serif }
    h1 { font-size: 15pt; margin: 0 0 3mm }
    h2 { font-size: 11.5pt; margin: 5mm 0 1.5mm; break-after: avoid }
    h3 { font-size: 9.5pt; margin: 3mm 0 0.5mm; break-after: avoid }
    p { margin: 0 0 2mm }
    table { border-collapse: collapse; inline-size: 100% }
    th, td { border: 0.3mm solid #555; padding: 1mm 2mm; text-align: start; vertical-align: top; overflow-wrap: anywhere }
    tr { break-inside: avoid }
    thead { display: table-header-group }
    .verdict { white-space: nowrap; font-weight: bold }
    .whole { border: 0.5mm solid #000; padding: 2mm 3mm; margin-block: 3mm; break-inside: avoid }
    .whole p:first-child { font-size: 13pt; font-weight: bold }
    .small { font-size: 8.5pt }
    .duties th:nth-child(1) { inline-size: 27% }
    .duties th:nth-child(2) { inline-size: 20% }
    .signatures { margin-block: 5mm; break-inside: avoid }
    .signatures td { block-size: 16mm }
    .signatures th { inline-size: 25% }
    .last { margin-block-start: 4mm }
    section { break-inside: avoid }
    ul { list-style: none; margin: 0; padding: 0 }
    li { padding-inline-start: 1.4em; text-indent: -1.4em; overflow-wrap: anywhere }
    li span { display: inline-block; inline-size: 1.4em; text-indent: 0 }`,Xt=class extends F{static properties={...F.properties,camera:{},shown:{state:!0},answers:{state:!0},agreed:{state:!0}};static styles=[A,o`
      .page {
        max-width: 860px;
      }
      progress {
        inline-size: 100%;
      }
      h3 {
        font-size: 1rem;
        margin: 16px 0 4px;
      }
      .whole {
        font-size: 1.25rem;
        font-weight: 600;
      }
      table {
        border-collapse: collapse;
        inline-size: 100%;
      }
      th,
      td {
        border-block-end: 1px solid var(--divider-color);
        padding: 8px;
        text-align: start;
        vertical-align: top;
      }
      .verdict {
        white-space: nowrap;
      }
      ul {
        list-style: none;
        margin: 0;
        padding: 0;
      }
      li {
        overflow-wrap: anywhere;
        padding-inline-start: 1.6em;
        text-indent: -1.6em;
      }
      li span {
        display: inline-block;
        inline-size: 1.6em;
        text-indent: 0;
      }
      pre {
        background: var(--secondary-background-color);
        max-block-size: 24rem;
        overflow: auto;
        padding: 12px;
        white-space: pre-wrap;
        overflow-wrap: anywhere;
      }
      summary {
        cursor: pointer;
        min-block-size: 44px;
        align-content: center;
      }
      .buttons {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
      }
    `];timer;constructor(){super(),this.camera=``,this.agreed=!1}disconnectedCallback(){super.disconnectedCallback(),clearTimeout(this.timer)}get language(){return this.context.hass.language.startsWith(`ja`)?`ja`:`en`}async read(){clearTimeout(this.timer),this.shown=await this.context.api.acceptance(this.camera,this.language),this.shown.running&&this.isConnected&&(this.timer=setTimeout(()=>{this.refresh()},Ut))}async start(){this.answers=void 0,this.agreed=!1,await this.attempt(`start`,()=>this.context.api.startAcceptance(this.camera,this.language)),await this.refresh()}async cancel(){await this.attempt(`cancel`,()=>this.context.api.cancelAcceptance()),await this.refresh()}async look(){await this.attempt(`answers`,async()=>{this.answers=await this.context.api.acceptanceAnswers(this.camera)})}save(e){let t=URL.createObjectURL(new Blob([e.text],{type:`application/json`})),n=document.createElement(`a`);n.href=t,n.download=e.name,n.click(),setTimeout(()=>{URL.revokeObjectURL(t)},Ut)}print(e){let{t,clock:n}=this.context;Vt(t(`acceptance.of`,{camera:e.camera_name}),Yt,this.language,r=>{let i=(e,t=``,n=``,...i)=>{let a=r.createElement(e);return a.textContent=t,n&&(a.className=n),a.append(...i),a},a=e=>i(`ul`,``,``,...e.map(e=>i(`li`,``,``,i(`span`,Wt[e.mark]),r.createTextNode(e.text))));return[i(`p`,this.when(e)),i(`p`,e.ending_text),a(this.identity(e)),i(`div`,``,`whole`,i(`p`,this.verdict(e)),i(`p`,t(`acceptance.then_${e.verdict}`)),...this.deciding(e).length?[i(`p`,t(`acceptance.because`)),a(this.deciding(e))]:[]),i(`p`,t(`acceptance.signs`),`small`),i(`p`,t(`acceptance.sign_apart`),`small`),i(`h2`,t(`acceptance.duties`)),i(`table`,``,`duties`,i(`thead`,``,``,i(`tr`,``,``,...[`duty`,`result`,`reasons`].map(e=>i(`th`,t(`acceptance.${e}`))))),i(`tbody`,``,``,...e.duties.map(e=>i(`tr`,``,``,i(`td`,`${e.duty} ${e.name}`),i(`td`,`${Gt[e.verdict]} ${e.verdict_text}`,`verdict`),i(`td`,``,``,a(e.reasons)))))),i(`table`,``,`signatures`,i(`tr`,``,``,...Jt.map(e=>i(`th`,t(`acceptance.${e}`)))),i(`tr`,``,``,...Jt.map(()=>i(`td`)))),i(`section`,``,``,i(`h2`,t(`acceptance.words`)),i(`ul`,``,`small`,...qt.map(e=>i(`li`,t(`acceptance.word_${e}`))))),i(`h2`,t(`acceptance.details`)),i(`p`,t(`acceptance.details_help`),`small`),...this.details(e).map(e=>i(`section`,``,``,i(`h3`,e.name),a(e.said))),i(`p`,t(`acceptance.printed`,{at:n.at((/* @__PURE__ */ new Date()).toISOString())}),`small last`)]})}when(e){let{t,clock:n}=this.context;return t(`acceptance.when`,{at:n.at(e.started),person:e.by?.name??t(`history.nobody`),seconds:e.seconds,version:e.version})}changed(e,t){let n=new Map(t.duties.map(e=>[e.duty,e]));return e.duties.flatMap(e=>{let t=n.get(e.duty);return t&&t.verdict!==e.verdict?[this.context.t(`acceptance.changed`,{duty:`${e.duty} ${e.name}`,before:`${Gt[t.verdict]} ${t.verdict_text}`,now:`${Gt[e.verdict]} ${e.verdict_text}`})]:[]})}identity(e){return e.parts.find(e=>e.step===`identity`)?.said??[]}details(e){return e.parts.filter(e=>e.step!==`identity`&&e.said.length>0)}deciding(e){return e.duties.filter(t=>t.duty!==`F8`&&t.verdict===e.verdict).flatMap(t=>t.reasons.filter(t=>t.mark===Kt[e.verdict]).map(e=>({...e,text:`${t.duty} ${e.text}`})))}verdict(e){let t=`${Gt[e.verdict]} ${e.verdict_text}`;return this.context.t(`acceptance.verdict`,{verdict:t})}said(e){return y`<ul>
      ${e.map(e=>y`<li><span aria-hidden="true">${Wt[e.mark]}</span>${e.text}</li>`)}
    </ul>`}report(e,t=!0){let{t:n}=this.context;return y`<ha-card>
        <p>${this.when(e)}</p>
        <p>${e.ending_text}</p>
        ${e.recorded?x:y`<ha-alert alert-type="warning">${n(`acceptance.unrecorded`)}</ha-alert>`}
        ${this.said(this.identity(e))}
        <p class="whole">${this.verdict(e)}</p>
        <p>${n(`acceptance.then_${e.verdict}`)}</p>
        ${this.deciding(e).length?y`<h3>${n(`acceptance.because`)}</h3>
              ${this.said(this.deciding(e))}`:x}
        <p class="soft small">${n(`acceptance.signs`)} ${n(`acceptance.sign_apart`)}</p>
        <p class="buttons">
          <button
            type="button"
            @click=${()=>{this.print(e)}}
          >
            <ha-icon icon="mdi:printer"></ha-icon>${n(`acceptance.print`)}
          </button>
        </p>
        ${t?y`<p class="soft small">${n(`acceptance.kept`)}</p>`:x}
        <h2>${n(`acceptance.duties`)}</h2>
        <table>
          <thead>
            <tr>
              <th scope="col">${n(`acceptance.duty`)}</th>
              <th scope="col">${n(`acceptance.result`)}</th>
              <th scope="col">${n(`acceptance.reasons`)}</th>
            </tr>
          </thead>
          <tbody>
            ${e.duties.map(e=>y`<tr>
                  <td>${e.duty} ${e.name}</td>
                  <td class="verdict">${Gt[e.verdict]} ${e.verdict_text}</td>
                  <td>${this.said(e.reasons)}</td>
                </tr>`)}
          </tbody>
        </table>
      </ha-card>
      <ha-card>
        <h2>${n(`acceptance.details`)}</h2>
        <p class="soft small">${n(`acceptance.details_help`)}</p>
        ${this.details(e).map(e=>y`<h3>${e.name}</h3>${this.said(e.said)}`)}
        <h3>${n(`acceptance.words`)}</h3>
        <ul class="soft small">
          ${qt.map(e=>y`<li>${n(`acceptance.word_${e}`)}</li>`)}
        </ul>
      </ha-card>`}earlier(e,t){let{t:n}=this.context,r=this.changed(e,t);return y`<ha-card>
        <h2>${n(`acceptance.before`)}</h2>
        <p>${this.when(t)}</p>
        <p>${this.verdict(t)}</p>
        ${r.length?y`<ul>
              ${r.map(e=>y`<li><span aria-hidden="true">・</span>${e}</li>`)}
            </ul>`:y`<p>${n(`acceptance.unchanged`)}</p>`}
      </ha-card>
      <details>
        <summary>${n(`acceptance.before_whole`)}</summary>
        ${this.report(t,!1)}
      </details>`}given(e){let{t}=this.context,{answers:n}=this;return y`<ha-card>
      <h2>${t(`acceptance.answers`)}</h2>
      <p>${t(`acceptance.answers_help`)}</p>
      ${n?y`<p>
              ${t(`acceptance.answers_are`,{answers:n.answers,left:n.left_out})}
            </p>
            <pre tabindex="0">${n.text}</pre>
            <label class="choice"
              ><input
                type="checkbox"
                .checked=${this.agreed}
                @change=${e=>{this.agreed=e.target.checked}}
              />${t(`acceptance.agree`)}</label
            >
            <button
              type="button"
              ?disabled=${!this.agreed}
              @click=${()=>{this.save(n)}}
            >
              <ha-icon icon="mdi:content-save"></ha-icon>${t(`acceptance.save`)}
            </button>`:e?y`<button type="button" ?disabled=${!!this.busy} @click=${()=>void this.look()}>
              ${t(`acceptance.look`)}
            </button>`:y`<p>${t(`acceptance.answers_gone`)}</p>`}
    </ha-card>`}running(){let{t:e}=this.context,t=this.shown?.running;return t?y`<ha-card>
      <p role="status">
        ${e(t.camera===this.shown?.camera?`acceptance.running`:`acceptance.running_elsewhere`,{camera:t.camera_name,step:t.step_text,percent:Math.round(100*t.share)})}
      </p>
      <progress max="1" .value=${t.share} aria-label=${e(`acceptance.heading`)}></progress>
      <button type="button" class="plain" ?disabled=${!!this.busy} @click=${()=>void this.cancel()}>
        ${e(`acceptance.cancel`)}
      </button>
    </ha-card>`:x}render(){let{t:e}=this.context,{shown:t}=this;return y`<div class="page">
      <p><a href="${N}/settings">${e(`settings.back`)}</a></p>
      <h1 tabindex="-1">
        ${t?e(`acceptance.of`,{camera:t.camera_name}):e(`acceptance.heading`)}
      </h1>
      <p>${e(`acceptance.help`)}</p>
      ${this.errorAlert(this.unread)} ${this.errorAlert()}
      ${t||this.unread?x:y`<p role="status">${e(`common.loading`)}</p>`}
      ${this.running()}
      ${t?.may&&!t.running?y`<button type="button" ?disabled=${!!this.busy} @click=${()=>void this.start()}>
            <ha-icon icon="mdi:clipboard-check-outline"></ha-icon>${e(t.report?`acceptance.again`:`acceptance.start`)}
          </button>`:x}
      ${t?.unreadable?y`<ha-alert alert-type="warning">${e(`acceptance.kept_unreadable`)}</ha-alert>`:x}
      ${t?.report?y`${this.report(t.report)} ${this.given(t.report.has_answers)}`:x}
      ${t?.report&&t.before?this.earlier(t.report,t.before):x}
    </div>`}},I={ATTRIBUTE:1,CHILD:2,PROPERTY:3,BOOLEAN_ATTRIBUTE:4,EVENT:5,ELEMENT:6},Zt=e=>(...t)=>({_$litDirective$:e,values:t}),Qt=class{constructor(e){}get _$AU(){return this._$AM._$AU}_$AT(e,t,n){this._$Ct=e,this._$AM=t,this._$Ci=n}_$AS(e,t){return this.update(e,t)}update(e,t){return this.render(...t)}},{I:$t}=ze,en=e=>e,tn=e=>e.strings===void 0,nn=()=>document.createComment(``),rn=(e,t,n)=>{let r=e._$AA.parentNode,i=t===void 0?e._$AB:t._$AA;if(n===void 0)n=new $t(r.insertBefore(nn(),i),r.insertBefore(nn(),i),e,e.options);else{let t=n._$AB.nextSibling,a=n._$AM,o=a!==e;if(o){let t;n._$AQ?.(e),n._$AM=e,n._$AP!==void 0&&(t=e._$AU)!==a._$AU&&n._$AP(t)}if(t!==i||o){let e=n._$AA;for(;e!==t;){let t=en(e).nextSibling;en(r).insertBefore(e,i),e=t}}}return n},L=(e,t,n=e)=>(e._$AI(t,n),e),an={},on=(e,t=an)=>e._$AH=t,sn=e=>e._$AH,cn=e=>{e._$AR(),e._$AA.remove()},ln=Zt(class extends Qt{constructor(e){if(super(e),e.type!==I.PROPERTY&&e.type!==I.ATTRIBUTE&&e.type!==I.BOOLEAN_ATTRIBUTE)throw Error("The `live` directive is not allowed on child or event bindings");if(!tn(e))throw Error("`live` bindings can only contain a single expression")}render(e){return e}update(e,[t]){if(t===b||t===x)return t;let n=e.element,r=e.name;if(e.type===I.PROPERTY){if(t===n[r])return b}else if(e.type===I.BOOLEAN_ATTRIBUTE){if(!!t===n.hasAttribute(r))return b}else if(e.type===I.ATTRIBUTE&&n.getAttribute(r)===t+``)return b;return on(e),t}});function un(e,t,n){let r=M(e,`fields.${t}`,t);return n?M(e,`fields.disclosure_${t}`,r):r}function dn(e,t,n){let r=M(e,`help.${t}`,``);return n?M(e,`help.disclosure_${t}`,r):r}function fn(e){return y`<span class="mark">${e(`common.required`)}</span>`}function R({name:e,help:t}){return t?`${e}-help`:x}function z(e,t,n){let{name:r,label:i,required:a,help:o,className:s}=t;return y`<div class="field ${s??``}">
    <label for=${r}>${i} ${a?fn(e):x}</label>
    ${o?y`<span class="soft small" id=${R(t)}>${o}</span>`:x} ${n}
    <span
      class="wrong small"
      aria-live="polite"
      id="${r}-wrong"
      data-missing=${e(`common.fill_in`)}
      data-late=${e(`common.in_future`)}
      hidden
    ></span>
  </div>`}function pn(e){return ln(e)}function B(e,t){let{name:n,type:r=`text`,suggestions:i=[]}=t,a=i.length>1?`${n}-suggestions`:void 0;return z(e,t,y`<input
        id=${n}
        type=${r}
        step=${r===`datetime-local`||r===`number`?`1`:x}
        max=${t.max??x}
        pattern=${t.pattern??x}
        maxlength="200"
        autocomplete="off"
        list=${a??x}
        ?required=${t.required}
        ?disabled=${t.disabled}
        aria-describedby=${t.describedBy??R(t)}
        .value=${pn(t.value)}
        @input=${e=>{t.setValue(e.target.value)}}
      />${a?y`<datalist id=${a}>${i.map(e=>y`<option value=${e}></option>`)}</datalist>`:x}`)}function V(e,t){return z(e,t,y`<textarea
      id=${t.name}
      maxlength="1000"
      ?required=${t.required}
      ?disabled=${t.disabled}
      aria-describedby=${R(t)}
      .value=${t.value}
      @input=${e=>{t.setValue(e.target.value)}}
    ></textarea>`)}function H(e,t={}){U(e);for(let[n,r]of Object.entries(t))e.querySelector(n)?.setCustomValidity(r??``);let[n]=mn(e).filter(e=>!gn(e));return!n||(n.scrollIntoView({block:`center`}),hn(n)?n.focus({preventScroll:!0}):n.reportValidity(),!1)}function U(e){for(let t of mn(e))t.setCustomValidity(``),t.hasAttribute(`aria-invalid`)&&gn(t)}function mn(e){return[...e.querySelectorAll(`input, select, textarea`)]}function hn(e){return e.closest(`.field`)?.querySelector(`.wrong`)??null}function gn(e){let t=!e.willValidate||e.validity.valid,n=hn(e);return n&&(t?(e.removeAttribute(`aria-invalid`),e.removeAttribute(`aria-errormessage`)):(e.hasAttribute(`aria-invalid`)||e.addEventListener(`input`,()=>gn(e),{once:!0}),e.setAttribute(`aria-invalid`,`true`),e.setAttribute(`aria-errormessage`,n.id)),n.textContent=t?``:_n(e,n.dataset),n.hidden=t),t}function _n({validity:e,validationMessage:t},{missing:n=``,late:r=``}){return e.valueMissing&&!e.badInput?n:e.rangeOverflow?r:t}var vn=(e,t,n)=>{let r=/* @__PURE__ */ new Map;for(let i=t;i<=n;i++)r.set(e[i],i);return r},yn=Zt(class extends Qt{constructor(e){if(super(e),e.type!==I.CHILD)throw Error(`repeat() can only be used in text expressions`)}dt(e,t,n){let r;n===void 0?n=t:t!==void 0&&(r=t);let i=[],a=[],o=0;for(let t of e)i[o]=r?r(t,o):o,a[o]=n(t,o),o++;return{values:a,keys:i}}render(e,t,n){return this.dt(e,t,n).values}update(e,[t,n,r]){let i=sn(e),{values:a,keys:o}=this.dt(t,n,r);if(!Array.isArray(i))return this.ut=o,a;let s=this.ut??=[],c=[],l,u,d=0,f=i.length-1,p=0,m=a.length-1;for(;d<=f&&p<=m;)if(i[d]===null)d++;else if(i[f]===null)f--;else if(s[d]===o[p])c[p]=L(i[d],a[p]),d++,p++;else if(s[f]===o[m])c[m]=L(i[f],a[m]),f--,m--;else if(s[d]===o[m])c[m]=L(i[d],a[m]),rn(e,c[m+1],i[d]),d++,m--;else if(s[f]===o[p])c[p]=L(i[f],a[p]),rn(e,i[d],i[f]),f--,p++;else if(l===void 0&&(l=vn(o,p,m),u=vn(s,d,f)),l.has(s[d])){if(l.has(s[f])){let t=u.get(o[p]),n=t===void 0?null:i[t];if(n===null){let t=rn(e,i[d]);L(t,a[p]),c[p]=t}else c[p]=L(n,a[p]),rn(e,i[d],n),i[t]=null;p++}else cn(i[f]),f--}else cn(i[d]),d++;for(;p<=m;){let t=rn(e,c[m+1]);L(t,a[p]),c[p++]=t}for(;d<=f;){let e=i[d++];e!==null&&cn(e)}return this.ut=o,on(e,c),b}});function W(e,t){return t?`${t.width}×${t.height}`:e(`settings.unknown`)}function G(e,t){if(t===null)return e(`settings.unknown`);let n=Math.round(t);if(!n)return e(`settings.clock_right`);let r=Math.abs(n),i=[[Math.floor(r/3600),`board.hours`],[Math.floor(r/60)%60,`board.minutes`],[r%60,`board.seconds`]];return e(n>0?`settings.clock_ahead`:`settings.clock_behind`,{length:i.flatMap(([t,n])=>t?[e(n,{count:t})]:[]).join(` `)})}function bn(e,t,n){switch(t){case`ntp`:return n===`dhcp`?e(`settings.by_dhcp`):e(`settings.by_ntp`,{server:n??e(`settings.unknown`)});case`manual`:return e(`settings.by_hand`);default:return e(`settings.unknown`)}}function xn(e,t,n=!1){if(`audio`in t)return e(t.audio.length?`settings.audio_on`:`settings.audio_off`);if(`profiles`in t){let r=t.profiles.map(t=>t.recorded?e(`settings.recorded_size`,{size:W(e,t)}):W(e,t));return n?r.join(` / `):e(`settings.${t.mode}_sizes`,{sizes:r.join(` / `)})}let r=t.offset===null?null:Number(t.offset);return e(`settings.clock_values`,{mode:bn(e,t.mode,t.ntp),offset:G(e,r)})}var Sn=2;function Cn(e,t,n){let r=n.filter(wn);return r.length?y`<ul class="small">
        ${r.map(n=>y`<li class="with-icon">
              <ha-icon icon=${n.known===`measured`&&!n.twice?`mdi:clock-check`:`mdi:clock-alert`}></ha-icon>
              <span>${Tn(e,t,n)} ${n.twice?e(`find.clock_twice`):x}</span>
            </li>`)}
      </ul>`:x}function wn({known:e,ahead:t,ahead_until:n,twice:r}){return e!==`measured`||r||Math.max(Math.abs(t),Math.abs(n))>Sn}function Tn(e,t,{start:n,end:r,ahead:i,known:a,measured:o,doubt:s}){let[c=``,l=``]=o??[];return e(`find.clock_${a}`,{start:t.at(n),end:t.at(r),offset:G(e,i),from:c&&t.at(c),to:l&&t.at(l),doubt:Math.ceil(s)})}var En=/* @__PURE__ */ new Set([`received`,`preserved`,`approved`,`released`]),Dn={add_clip:`request_clips`,register_footage:`register_footage`,propose:`propose_decision`,approve:`approve`,reject:`reject`,release:`release`,hand_over:`hand_over`,conclude:`conclude`,keep_open:`keep_open`,purge:`purge`},On={not_allowed_needs_exporter:`why.not_exporter`,not_allowed_needs_approver:`why.not_approver`},kn={not_allowed_own_case:`why.own_request`,not_allowed_own_approval:`why.own_approval`,clips_not_sealed:`why.still_fetching`,clips_failed:`why.still_fetching`,case_not_downloaded:`why.not_downloaded`};function K(e,t){return t.kinds.find(t=>t.kind===e.kind)?.decided_by_proposal??!1}function An(e,t){return[...jn(e,t),...e.questions?[`keep_open`]:[]]}function jn(e,t){let n=[`add_clip`,`register_footage`],r=e.passages.some(e=>e.state===`sealed`);if(K(e,t)&&En.has(e.state))return[...Mn(e,n),`reject`];switch(e.state){case`received`:return[...n,`conclude`,`reject`];case`preserved`:return[`approve`,...n,`conclude`,`reject`];case`approved`:return[e.only_by_hand?`hand_over`:`release`,`conclude`,...n,`reject`];case`released`:return[`hand_over`,`release`,`conclude`,`reject`];case`handed_over`:return r?[`purge`,`approve`]:[];case`concluded`:case`rejected`:case`expired`:return r?[`purge`]:[];case`purged`:return[]}}function Mn(e,t){if(e.waits_for_approval)return[`approve`,`propose`,...t];switch(e.state){case`released`:return[`hand_over`,`release`,`propose`];case`approved`:return Nn(e)?[`propose`,...t]:[e.way===`copy`?`release`:`conclude`,`propose`,...t];case`preserved`:return[`propose`,...t];default:return[...t,`propose`]}}function Nn({decide_by:e}){return e!==null}function Pn(e,t){return An(e,t).flatMap((n,r)=>{let i=Dn[n],a=e.refusals[i]??``,o=On[a];if(o)return r===0?[{act:n,why:o}]:[];let s=e.offers.includes(i);if(!t.ledger.available&&(s||a in kn))return[{act:n,why:`why.ledger_down`}];if(s)return[{act:n,why:null}];let c=kn[a];return c?[{act:n,why:c}]:[]})}function Fn(e){return e.state===`received`&&e.failed>0&&!e.fetching}function In(e,t){if(K(e,t)&&En.has(e.state))return Ln(e);switch(e.state){case`received`:return Fn(e)?`next.failed`:e.fetching?`next.fetching`:`next.find`;case`preserved`:return`next.approve`;case`approved`:return e.only_by_hand?`next.hand_over_by_hand`:`next.release`;case`released`:return`next.hand_over`;case`handed_over`:case`concluded`:case`rejected`:case`expired`:return`next.purge`;case`purged`:return`next.nothing`}}function Ln(e){if(e.waits_for_approval)return`next.decision_approve`;switch(e.state){case`released`:return`next.decision_hand_over`;case`approved`:return Nn(e)?`next.decision_propose`:e.way===`copy`?`next.decision_release`:e.way===`view`?`next.decision_view`:`next.decision_conclude`;case`preserved`:return`next.decision_propose`;default:return Fn(e)?`next.decision_failed`:e.fetching?`next.fetching`:`next.decision_find`}}function Rn(e,t){return K(e,t)?e.waits_for_approval?`proposed`:e.state===`approved`&&!Nn(e)?`decided`:e.state===`concluded`&&e.way===`view`?`shown`:e.state:e.state}function zn(e,t){if(!K(e,t))return[`received`,`preserved`,`approved`,`released`,`handed_over`,`purged`];let n=Rn(e,t);if(n===`received`||n===`preserved`)return[`received`,`preserved`,`proposed`,`decided`,`carried_out`,`purged`];let r=[`proposed`,`decided`];return e.way===`copy`?[`received`,`preserved`,...r,`released`,`handed_over`,`purged`]:e.way===`view`?[`received`,`preserved`,...r,`shown`,`purged`]:[`received`,...r,`concluded`,`purged`]}var Bn={preserved:[`propose_decision`],approved:[`release`,`hand_over`,`conclude`],released:[`hand_over`]};function Vn(e){return e.questions&&e.offers.includes(`keep_open`)?!0:e.waits_for_approval?e.offers.includes(`approve`):(Fn(e)?[`request_clips`]:Bn[e.state]??[]).some(t=>e.offers.includes(t))}function Hn(e,t){return e===null?null:(new Date(e).getTime()-t.getTime())/36e5}var Un=class{language;timeZone;full;day;brief;local;constructor(e,t){this.language=e,this.timeZone=t;let n={year:`numeric`,month:`short`,day:`numeric`,weekday:`short`},r={hour:`2-digit`,minute:`2-digit`,second:`2-digit`,hourCycle:`h23`};this.full=new Intl.DateTimeFormat(e,{timeZone:t,...n,...r}),this.brief=new Intl.DateTimeFormat(e,{timeZone:t,month:`short`,day:`numeric`,hour:`2-digit`,minute:`2-digit`,hourCycle:`h23`}),this.day=new Intl.DateTimeFormat(e,{timeZone:t,...n}),this.local=new Intl.DateTimeFormat(`sv-SE`,{timeZone:t,dateStyle:`short`,timeStyle:`medium`})}at(e){return this.full.format(new Date(e))}short(e){return this.brief.format(new Date(e))}date(e){return this.day.format(new Date(e))}zoneName(){return new Intl.DateTimeFormat(this.language,{timeZone:this.timeZone,timeZoneName:`long`}).formatToParts().find(e=>e.type===`timeZoneName`)?.value??this.timeZone}tenths(e){return`${this.at(e)}.${Math.floor(e.getUTCMilliseconds()/100)}`}timeOfDay(e){return`${this.field(e).slice(11)}.${Math.floor(e.getUTCMilliseconds()/100)}`}field(e){return this.local.format(new Date(e)).replace(` `,`T`)}moment(e){let t=Date.parse(`${q(e)}Z`);if(Number.isNaN(t))return null;let n=t-this.offset(new Date(t));return new Date(t-this.offset(new Date(n)))}iso(e){let t=Math.round(this.offset(e)/6e4),n=t<0?`-`:`+`,r=e=>String(Math.floor(e)).padStart(2,`0`),i=String(e.getUTCMilliseconds()).padStart(3,`0`);return`${this.field(e)}.${i}${n}${r(Math.abs(t)/60)}:${r(Math.abs(t)%60)}`}offset(e){return Date.parse(`${this.field(e)}Z`)-Math.floor(e.getTime()/1e3)*1e3}};function q(e){return/T\d\d:\d\d$/.test(e)?`${e}:00`:e}function Wn(e,t,n){let[r,i,a]=[e,t,n].map(e=>new Date(e).getTime());return a<=i?0:Math.min(100,Math.max(0,(r-i)/(a-i)*100))}function J(e){let t=Math.max(0,Math.round(e)),n=[Math.floor(t/3600),Math.floor(t%3600/60),t%60];return(n[0]?n:n.slice(1)).map((e,t)=>t?String(e).padStart(2,`0`):String(e)).join(`:`)}var Gn={received:`mdi:inbox-arrow-down`,preserved:`mdi:lock-check`,approved:`mdi:check-decagram`,released:`mdi:package-variant-closed-check`,handed_over:`mdi:handshake`,concluded:`mdi:flag-checkered`,rejected:`mdi:close-octagon`,expired:`mdi:timer-off`,purged:`mdi:delete-empty`,proposed:`mdi:scale-balance`,decided:`mdi:gavel`,shown:`mdi:eye-check`,carried_out:`mdi:handshake`};function Kn(e,t){switch(t){case`proposed`:case`decided`:case`shown`:case`carried_out`:return e(`stages.${t}`);default:return e(`states.${t}`)}}var qn={add_clip:`mdi:movie-plus`,register_footage:`mdi:usb-flash-drive`,propose:`mdi:scale-balance`,approve:`mdi:check-decagram`,reject:`mdi:close-octagon`,release:`mdi:package-variant-closed-check`,hand_over:`mdi:handshake`,conclude:`mdi:flag-checkered`,keep_open:`mdi:folder-clock`,purge:`mdi:delete`};function Jn(e,t,n,r){return t===`release`&&n.state===`released`?e(`do.release_again`):t===`propose`&&n.decision?e(`do.propose_again`):M(e,`do.${t}${r?`_decision`:``}`,e(`do.${t}`))}var Yn=/* @__PURE__ */ new Set([`purge`,`reject`]);function Xn(e,t){let n=Hn(t,/* @__PURE__ */ new Date);return n===null||n>=48?x:y`<span class="chip risk"
    ><ha-icon icon="mdi:timer-alert"></ha-icon>${n>0?e(`cases.at_risk`,{hours:Math.floor(n)}):e(`cases.lost`)}</span
  >`}function Y(e,t,{start:n,end:r}){return e(`clip.span`,{start:t.at(n),end:t.at(r)})}function Zn(e,t,n,r,i){let a=e=>Wn(e,t.start,t.end);return y`<div class="bar" role="img" aria-label=${e(`find.bar`,{gaps:n.length})}>
    ${n.map(e=>y`<div
          class="gap"
          style="inset-inline-start:${a(e.start)}%;inline-size:${a(e.end)-a(e.start)}%"
        ></div>`)}
    ${i?Qn(a(i.start??t.start),a(i.end??t.end)):x}
    ${r===void 0?x:y`<div class="now" style="inset-inline-start:calc(${a(r)}% - 1px)"></div>`}
  </div>`}function Qn(e,t){return y`<div class="marked" style="inset-inline-start:${e}%;inline-size:${Math.max(0,t-e)}%"></div>`}function $n(e,t,n){let r=({start:n,end:r,reason:i,decided_at:a})=>{let o=a?t.at(a):``,s={start:t.at(n),end:t.at(r),decided_at:o},c=e(`find.gap`,s);return i?M(e,`find.gap_${i}`,c,s):c};return n.length?y`<ul class="small">
        ${n.map(e=>y`<li class="with-icon"><ha-icon icon="mdi:filmstrip-off"></ha-icon>${r(e)}</li>`)}
      </ul>`:x}function X(e,t,n,r=``){return e.localize(`component.niiza_cctv.exceptions.${t}.message`,{camera:n,case:r})||t}function er(e,t,n){return M(e,`failures.${t}`,``,{camera:n})||void 0}function tr(e,t,n){return n.error?X(e,n.error,n.camera_name):n.stretches.length?n.gaps.length?t(`find.partly`):t(`find.complete`):t(`find.nothing`)}var nr={cameras:``,start:``,end:``,margin:`60`},rr=8,ir=[0,10,30,60,300];function ar(e){return!!(e.cameras||e.start||e.end)}function or(e){return e.cameras.split(`
`).filter(Boolean)}function sr(e){let t=or(e),[n,r]=[q(e.start),q(e.end)];return!t.length||!n||!r||n>=r?null:{cameras:t,start:n,end:r,margin:Number(e.margin)}}function cr({t:e,clock:t},n,r){let i=t.field(/* @__PURE__ */ new Date),a=n&&r&&n>=r?{"#end":e(`find.end_first`)}:{};for(let[t,o]of[[`#start`,n],[`#end`,r]])o>i&&(a[t]=e(`find.in_future`));return a}var lr=class extends P{static properties={...P.properties,typed:{attribute:!1},caseId:{type:String},required:{type:Boolean},found:{state:!0},watched:{state:!0},looked:{state:!0}};static styles=[A,o`
      :host {
        display: grid;
        gap: 16px;
      }
      .found {
        border-inline-start: 4px solid var(--divider-color);
        display: grid;
        gap: 8px;
        margin-block-end: 16px;
        padding-inline-start: 16px;
      }
      .search {
        flex-wrap: nowrap;
        margin-block-end: 8px;
      }
      .search span {
        flex: none;
      }
      /* The rest of the form stays in reach. */
      .many {
        max-block-size: 320px;
        overflow-y: auto;
        padding: 2px;
      }
    `];foundFor=null;constructor(){super(),this.typed=nr,this.caseId=``,this.required=!1,this.watched=``,this.looked=``}willUpdate(e){e.has(`typed`)&&this.found&&!this.covered()&&(this.found=void 0,this.watched=``)}covered(){let e=sr(this.typed),t=this.foundFor;return e!==null&&t!==null&&e.cameras.join()===t.cameras.join()&&e.start>=t.start&&e.end<=t.end}needed(){return this.required||ar(this.typed)}reportValidity(){return H(this.renderRoot,this.needed()?this.complaints():{})}complaints(){let{cameras:e,start:t,end:n}=this.typed;return{...e?{}:{"input[name=camera]":this.context.t(`find.choose_camera`)},...cr(this.context,q(t),q(n))}}change(e){this.typed={...this.typed,...e},U(this.renderRoot),this.dispatchEvent(new CustomEvent(`typed`,{detail:this.typed}))}toggle(e,t){let n=new Set(or(this.typed));t?n.add(e):n.delete(e),this.change({cameras:[...n].join(`
`)})}async find(){let e=sr(this.typed);this.reportValidity()&&e&&await this.attempt(`find`,async()=>{let{cameras:t,start:n,end:r}=e;this.found=await this.context.api.findRecordings({cameras:t,start:n,end:r},this.caseId||void 0),this.foundFor=e})}time(e){return B(this.context.t,{name:e,label:this.context.t(`find.${e}`),type:`datetime-local`,required:this.needed(),describedBy:`zone`,value:this.typed[e],setValue:t=>{this.change({[e]:t})}})}margin(){let{t:e}=this.context;return y`<div class="field">
      <label for="margin">${e(`find.margin`)}</label>
      <select
        id="margin"
        aria-describedby="margin-help"
        @change=${e=>{this.change({margin:e.target.value})}}
      >
        ${ir.map(t=>y`<option value=${t} ?selected=${this.typed.margin===String(t)}>
              ${t<60?e(`find.seconds`,{seconds:t}):e(`find.minutes`,{minutes:t/60})}
            </option>`)}
      </select>
    </div>`}cameras(){let{t:e,info:t}=this.context,n=or(this.typed),r=t.cameras.length>rr,i=this.looked.trim().toLocaleLowerCase(),a=t.cameras.filter(({unique_id:e,name:t})=>!i||n.includes(e)||t.toLocaleLowerCase().includes(i));return y`<fieldset>
      <legend>${e(`find.cameras`)} ${this.needed()?fn(e):x}</legend>
      ${r?y`<div class="row search">
            <input
              id="by-name"
              type="search"
              autocomplete="off"
              placeholder=${e(`find.by_name`)}
              aria-label=${e(`find.by_name`)}
              .value=${this.looked}
              @input=${e=>{this.looked=e.target.value}}
              @keydown=${e=>{e.key===`Enter`&&e.preventDefault()}}
            />
            <span class="soft small" role="status">
              ${a.length?e(`find.chosen`,{count:n.length}):e(`find.no_camera`)}
            </span>
          </div>`:x}
      <div class="choices ${r?`many`:``}">
        ${yn(a,({unique_id:e})=>e,({unique_id:e,name:t})=>y`<label class="choice"
              ><input
                type="checkbox"
                name="camera"
                .checked=${n.includes(e)}
                @change=${t=>{this.toggle(e,t.target.checked)}}
              />${t}</label
            >`)}
      </div>
      ${t.offline_cameras.length?y`<p class="soft small">
            ${e(`by_hand.offline_help`,{names:t.offline_cameras.map(e=>e.name).join(` / `)})}
          </p>`:x}
    </fieldset>`}result(e){let{t,clock:n}=this.context,{foundFor:r}=this,i=e.error||!e.stretches.length?`mdi:filmstrip-off`:e.gaps.length?`mdi:alert`:`mdi:check-circle`;return y`<li class="found">
      <h3>${e.camera_name}</h3>
      <p class="with-icon"><ha-icon icon=${i}></ha-icon> ${tr(this.context.hass,t,e)}</p>
      ${!e.error&&r?Zn(t,r,e.gaps):x} ${$n(t,n,e.gaps)}
      ${this.reservations(e)} ${this.overwriting(e)}
      ${this.context.info.roles.includes(`viewer`)&&e.stretches.length?this.watchButton(e):x}
      ${this.watched===e.camera&&r?this.player(e,r):x}
    </li>`}reservations({error:e,exact:t,clocks:n}){let{t:r,clock:i}=this.context;return y`${!e&&!t?y`<p class="small soft">${r(`find.inexact`)}</p>`:x}
    ${Cn(r,i,n)}`}overwriting({overwritten_at:e}){let{t,clock:n}=this.context;return e?y`<p class="row">${t(`find.overwritten_at`,{at:n.at(e)})} ${Xn(t,e)}</p>`:x}watchButton({camera:e}){let t=this.watched===e;return y`<div>
      <button
        type="button"
        aria-expanded=${t}
        @click=${()=>{this.watched=t?``:e}}
      >
        <ha-icon icon=${t?`mdi:close`:`mdi:play`}></ha-icon>
        ${this.context.t(t?`watch.close`:`watch.open`)}
      </button>
    </div>`}player({camera:e,camera_name:t},n){return y`<niiza-cctv-watch
      .context=${this.context}
      .camera=${e}
      .cameraName=${t}
      .start=${n.start}
      .end=${n.end}
      .pick=${!0}
      @picked=${({detail:e})=>{this.change({[e.edge]:this.context.clock.field(e.at)})}}
    ></niiza-cctv-watch>`}render(){let{t:e,clock:t}=this.context;return y`
      ${this.cameras()}
      <div class="fields">
        ${this.time(`start`)} ${this.time(`end`)} ${this.margin()}
        <div class="soft small wide">
          <div id="zone">${e(`find.zone`,{zone:t.zoneName()})}</div>
          <div id="margin-help">${e(`find.margin_help`)}</div>
        </div>
      </div>
      <div class="row">
        <button type="button" ?disabled=${!!this.busy} @click=${this.find}>
          <ha-icon icon="mdi:movie-search"></ha-icon>${e(this.busy?`find.searching`:`find.search`)}
        </button>
        <span class="soft small">${e(`find.recorded`)}</span>
      </div>
      ${this.errorAlert()}
      <div role="status">
        ${this.found?y`<ul>
              ${this.found.map(e=>this.result(e))}
            </ul>`:x}
      </div>
    `}},ur=`[0-9A-Fa-f]{64}`;function dr(e,t){return e[t]?.trim()??``}function fr(e){return e.found!==`no`}function pr(e){return{start:q(dr(e,`start`)),end:q(dr(e,`end`))}}function mr(e){let t=t=>dr(e,t),n=fr(e),r=t(`clock_offset`);return{camera:t(`camera`),...pr(e),second_person:t(`second_person`),found:n,clock_offset:r?Number(r):void 0}}function hr(e){let t=fr(e)?[`note`,`medium`,`medium_serial`,`sha256`]:[`note`];return Object.fromEntries(t.map(t=>[t,dr(e,t)]))}var gr=class extends P{static properties={...P.properties,typed:{attribute:!1}};static styles=[A,o`
      :host {
        display: grid;
        gap: 16px;
      }
    `];constructor(){super(),this.typed={}}reportValidity(){let{start:e,end:t}=pr(this.typed);return H(this.renderRoot,cr(this.context,e,t))}setField(e,t){U(this.renderRoot),this.typed={...this.typed,[e]:t},this.dispatchEvent(new CustomEvent(`typed`,{detail:[e,t]}))}textField(e,t,n={}){return B(this.context.t,{name:e,label:t,value:this.typed[e]??``,help:M(this.context.t,`help.${e}`,``),setValue:t=>{this.setField(e,t)},...n})}choice(e,t,n,r=``){let i={name:e,label:t,help:r,required:!0};return z(this.context.t,i,y`<select
        id=${e}
        required
        aria-describedby=${R(i)}
        @change=${t=>{this.setField(e,t.target.value)}}
      >
        <option value=""></option>
        ${n.map(t=>y`<option value=${t.id} ?selected=${this.typed[e]===t.id}>${t.name}</option>`)}
      </select>`)}foundChoice(e){return y`<label class="choice"
      ><input
        type="radio"
        name="found"
        .checked=${fr(this.typed)===(e===`yes`)}
        @change=${()=>{this.setField(`found`,e)}}
      />${this.context.t(e===`yes`?`by_hand.found_yes`:`by_hand.found_no`)}</label
    >`}medium(){let{t:e}=this.context;return fr(this.typed)?y`${this.textField(`medium`,e(`fields.medium`),{required:!0,help:e(`by_hand.medium_help`)})}
    ${this.textField(`medium_serial`,e(`fields.medium_serial`),{required:!0})}
    ${this.textField(`sha256`,e(`by_hand.sha256`),{pattern:ur,help:e(`by_hand.sha256_help`)})}`:x}note(){let{t:e}=this.context;return V(e,{name:`note`,label:e(`fields.note`),className:`wide`,value:this.typed.note??``,setValue:e=>{this.setField(`note`,e)}})}render(){let{t:e,info:t,clock:n}=this.context,r=[...t.offline_cameras,...t.cameras].map(e=>({id:e.unique_id,name:e.name})),i={required:!0,type:`datetime-local`};return y`
      <fieldset>
        <legend>${e(`by_hand.found`)}</legend>
        <div class="choices">${this.foundChoice(`yes`)} ${this.foundChoice(`no`)}</div>
      </fieldset>
      <div class="fields">
        ${this.choice(`camera`,e(`by_hand.camera`),r)}
        ${this.choice(`second_person`,e(`by_hand.second_person`),t.people,e(`by_hand.second_person_help`))}
        ${this.textField(`start`,e(`find.start`),i)} ${this.textField(`end`,e(`find.end`),i)}
        <p class="soft small wide">${e(`by_hand.times`,{zone:n.zoneName()})}</p>
        ${this.textField(`clock_offset`,e(`by_hand.clock`),{type:`number`,help:e(`by_hand.clock_help`)})}
        ${this.medium()} ${this.note()}
      </div>
    `}},_r={unused:`mdi:link-lock`,expired:`mdi:link-off`,broken_off:`mdi:download-off`,downloaded:`mdi:download-lock`,handed_over:`mdi:handshake`};function vr({state:e,release:t},n){return t?e===`handed_over`?t.encrypted?`handed_over`:null:e===`released`?t.downloaded?`downloaded`:t.download_begun?`broken_off`:n<new Date(t.link_until)?`unused`:`expired`:null:null}function yr({t:e},t,n){let{by:r,encrypted:i,remaining:a}=t,o=Math.floor(t.percent);return y`<div class="packing" role="group" aria-label=${e(`package.making`)}>
    <progress max="100" .value=${t.percent} aria-label=${e(`package.progress`)}>${o}%</progress>
    <div class="row spread small">
      <span>
        ${e(i?`package.encrypting`:`package.packing`)}
        ${a===null?x:y`・${e(`progress.remaining`,{time:J(a)})}`}
      </span>
      <span>${o}%</span>
    </div>
    <p class="small">${e(n?`package.stay`:`package.elsewhere`,{person:r.name})}</p>
  </div>`}function br(e,t,n){let{t:r}=e,{release:i}=t,a=vr(t,n);return!i||!a?x:y`<ha-card role="region" aria-labelledby="package-lost">
    <h2 id="package-lost" class="with-icon"><ha-icon icon=${_r[a]}></ha-icon>${r(`package.${a}_heading`)}</h2>
    <p>${r(`package.${a}`,xr(e,i))}</p>
    ${i.encrypted&&a!==`handed_over`?y`<p>${r(`package.passphrase_${a}`)}</p>`:x}
    <p class="small soft">${r(Sr(t,a))}</p>
  </ha-card>`}function xr({clock:e},{by:t,at:n,link_until:r}){return{person:t.name,at:e.at(n),until:e.at(r)}}function Sr({offers:e,refusals:t},n){return n===`handed_over`?`package.who_after`:e.includes(`release`)?`package.who_you`:t.release===`not_allowed_own_approval`?`package.who_not_approver`:`package.who_exporter`}function Cr(e){return e.release_items.filter(e=>!e.approved_by)}function wr({item:e,digest:t,hidden_pictures:n}){return{item:e,sha256:t,hidden_pictures:n}}function Tr({t:e},t){return e(`items.${t.kind}`,{camera:t.camera_name,item:t.item})}function Er({t:e,clock:t},n,r,i=!0){let{granted_start:a,granted_end:o,hidden_pictures:s}=n,c=s?y`<strong>${e(`items.hidden_count`,{count:s})}</strong>`:e(`items.nothing_hidden`);return y`<dl class="small">
    ${i?y`<dt>${e(`items.requested`)}</dt>
          <dd>${Y(e,t,n)}</dd>`:x}
    ${i&&a&&o?y`<dt>${e(`items.granted`)}</dt>
          <dd>${Y(e,t,{start:a,end:o})}</dd>`:x}
    ${n.kind===`cut`?y`<dt>${e(`items.hidden`)}</dt>
          <dd>${c}</dd>`:x}
    <dt>${r?e(`by_hand.entry_hash`):`SHA-256`}</dt>
    <dd class="mono">${n.digest}</dd>
  </dl>`}function Z({hass:e},t,n){return e.localize(`component.niiza_cctv.selector.${t}.options.${n}`)||n}function Dr(e){return e===`disclosed_in_full`||e===`disclosed_in_part`}function Or(e){return e===`disclosed_in_part`||e===`refused`}function kr(e,{outcome:t,way:n,grounds:r,reasons:i}){let{t:a}=e;return y`<dl>
    <dt>${a(`decision.outcome`)}</dt>
    <dd>${Z(e,`case_decision`,t)}</dd>
    ${n?y`<dt>${a(`decision.way`)}</dt>
          <dd>${Z(e,`case_way`,n)}</dd>`:x}
    ${r.length?y`<dt>${a(`decision.grounds`)}</dt>
          ${r.map(t=>y`<dd>${Z(e,`case_ground`,t)}</dd>`)}`:x}
    ${i?y`<dt>${a(`decision.reasons`)}</dt>
          <dd>${i}</dd>`:x}
  </dl>`}function Ar({decision:e,release_items:t}){let n=t.map(({item:e})=>e);return!!e&&(e.items.length!==n.length||e.items.some(e=>!n.includes(e)))}function jr({t:e,clock:t},{decide_by:n},r){if(!n)return x;let i=t.date(`${n}T12:00:00Z`);return t.field(r).slice(0,10)>n?y`<ha-alert alert-type="warning">${e(`decision.decide_late`,{day:i})}</ha-alert>`:y`<p>${e(`decision.decide_by`,{day:i})}</p>`}function Mr(e,t){let{t:n,clock:r}=e,{decision:i}=t;if(!i)return y`<ha-card><h2>${n(`decision.heading`)}</h2><p class="soft">${n(`decision.none`)}</p></ha-card>`;let{by:a,at:o,approved_by:s,approved_at:c}=i;return y`<ha-card>
    <div class="row spread">
      <h2>${n(s?`decision.heading_decided`:`decision.heading`)}</h2>
      <span class="chip"
        >${s&&c?n(`decision.approved`,{person:s.name,at:r.at(c)}):n(`decision.waits`)}</span
      >
    </div>
    <p class="soft">${n(`decision.proposed`,{person:a.name,at:r.at(o)})}</p>
    ${Ar(t)?y`<ha-alert alert-type="warning">${n(`decision.outdated`)}</ha-alert>`:x}
    ${kr(e,i)}
    ${t.release_items.length?y`<h3>${n(`decision.items`)}</h3>
          <ul class="disclosed">
            ${t.release_items.map(t=>y`<li>${Tr(e,t)} ${Er(e,t,!1)}</li>`)}
          </ul>`:x}
  </ha-card>`}var Nr={section:`mdi:office-building`,camera:`mdi:cctv`,offline_camera:`mdi:cctv-off`,tablet:`mdi:tablet`},Pr={passed:`mdi:check-circle`,failed:`mdi:alert-octagon`},Fr={antivirus:`mdi:shield-check`,clock_by_eye:`mdi:clock-check-outline`,contractor:`mdi:account-hard-hat`,sd_card:`mdi:micro-sd`,settings_password_sealed:`mdi:email-seal-outline`,signage:`mdi:sign-caution`,standard:`mdi:book-open-page-variant`,viewing_password:`mdi:form-textbox-password`},Ir=864e5;function Lr(e,t,n){return n===`passed`?e(`checks.passed`):M(e,`failed.${t}`,e(`checks.failed`))}function Rr(e){let t=/* @__PURE__ */ new Map;for(let n of e){let{object:e}=n,r=`${e.kind}:${e.id}`,i=t.get(r)??{object:e,checks:[]};i.checks.push(n),t.set(r,i)}return[...t.values()]}function zr(e){let t=({failed:e,due_at:t})=>e?0:t===null?2:1;return[...e].sort((e,n)=>t(e)-t(n)||(e.due_at??``).localeCompare(n.due_at??``))}function Br({t:e},t){let n=M(e,`look_at.${t.kind}`,``).split(`
`).filter(Boolean);return n.length?y`<div class="look-at">
    <ha-icon icon=${Fr[t.kind]??`mdi:eye`}></ha-icon>
    <div>
      <strong>${e(`checks.look_at`)}</strong>
      <ol>
        ${n.map(e=>y`<li>${e}</li>`)}
      </ol>
    </div>
  </div>`:x}function Vr({t:e},t){let[n,r]=t.failed?[`mdi:alert-octagon`,e(`checks.is_failed`)]:t.due_at===null?[`mdi:help-circle`,e(`checks.is_never`)]:t.due?[`mdi:clock-alert`,Hr(e,t.due_at)]:[`mdi:check-circle`,e(`checks.is_done`)];return y`<span class="chip ${t.due?`risk`:`done`}"><ha-icon icon=${n}></ha-icon>${r}</span>`}function Hr(e,t){let n=Math.floor((Date.now()-new Date(t).getTime())/Ir);return n>0?e(`checks.is_overdue`,{days:n}):e(`checks.is_due`)}function Ur({t:e,clock:t},n){let{last:r}=n;return r?y`<span class="soft small">
    ${e(`checks.last`,{at:t.at(r.at),person:r.person.name,result:Lr(e,n.kind,r.result)})}
    ${n.due||n.due_at===null?x:y`<br />${e(`checks.next`,{at:t.date(n.due_at)})}`}
  </span>`:x}function Wr({t:e},t){let n=Object.entries(t.fields).filter(([,e])=>e);return y`${t.note?y`<p class="note">${t.note}</p>`:x}
  ${n.length?y`<dl class="small">
        ${n.map(([t,n])=>y`<dt>${M(e,`fields.${t}`,t)}</dt>
              <dd>${n}</dd>`)}
      </dl>`:x}`}var Gr=`hidden:`;function Kr({t:e},t){let{role:n,user:r,name:i,change:a,changed:o,pending:s,roles:c}=t,l=[],u=(t,n)=>l.push(e(`history.told`,{name:t,text:n}));if(typeof a==`string`&&u(e(`fields.change`),M(e,`history.${a}`,a)),typeof n==`string`){let t=qr(r)??(typeof i==`string`?i:``);u(Jr(e,n),t),s===!0&&l.push(e(`kept.pending`))}if(Array.isArray(o))for(let n of o)typeof n==`string`&&u(Yr(e,n),Xr(e,t,n));if(typeof c==`object`&&c)for(let[t,n]of Object.entries(c))Array.isArray(n)&&n.length&&u(Jr(e,t),n.flatMap(e=>qr(e)??[]).join(`, `));return l}function qr(e){return typeof e==`object`&&e&&`name`in e?String(e.name):void 0}function Jr(e,t){return M(e,`people.role_${t}`,t)}function Yr(e,t){return M(e,`kept.${t.split(`.`)[0]??t}`,t)}function Xr(e,{was:t,now:n},r){let i=t?.[r],a=n?.[r];return[i,a].some(e=>typeof e==`string`&&e.startsWith(Gr))||!(r in(t??{}))?e(`kept.hidden`):e(`kept.changed_to`,{was:Zr(e,i),now:Zr(e,a)})}function Zr(e,t){return t==null||t===``?e(`kept.nothing`):typeof t==`boolean`?e(t?`kept.yes`:`kept.no`):typeof t==`string`||typeof t==`number`?String(t):JSON.stringify(t)}function Qr(e,{seconds:t,of:n,every_picture:r,fastest:i}){let a=e(`watch.watched`,{seconds:J(t),of:J(n),percent:n?Math.floor(100*t/n):0});return r>=t?a:`${a} ${e(`watch.watched_fast`,{slowly:J(r),fastest:i/100})}`}function $r({of:e,every_picture:t,fastest:n}){return Math.max(+!n,e-t)}var ei=/* @__PURE__ */ `what.reason.count.kind.setting.result.outcome.way.items.grounds.before.after.until.by.note.reasons.shown_to.present.recipient.medium.medium_serial.serial.sha256.clock_offset.witness.clip.item.cut_id.hidden_pictures.error.decision`.split(`.`);function ti(e,t,n){let{t:r}=e,i=(e,t)=>r(`history.told`,{name:M(r,`fields.${e}`,e),text:t}),a=ei.flatMap(r=>{let a=oi(e,t,n,r,t.details[r]);return a?[i(r,a)]:[]});a.push(...Kr(e,t.details));for(let{watched_as_told_by_browser:r}of[t.details,...ri(t.details.items)])a.push(...ii(e,r,n));a.push(...ni(e,t.details.served));let{fields:o}=t.details;if(typeof o==`object`&&o)for(let[e,t]of Object.entries(o))typeof t==`string`&&t&&a.push(i(e,t));return a}function ni({t:e,clock:t},n){return Array.isArray(n)?n.flatMap(n=>typeof n==`object`&&n&&`start`in n&&`end`in n?[e(`counter.served`,{span:Y(e,t,{start:String(n.start),end:String(n.end)})})]:[]):[]}function ri(e){return Array.isArray(e)?e.filter(e=>typeof e==`object`):[]}function ii({t:e},t,n){return typeof t!=`object`||!t?[]:Object.entries(t).flatMap(([t,r])=>{let i=ai(r),a=n.camera(t),o=a?e(`history.clip`,{camera:a,clip:t}):t;return i?[e(`approval.told`,{clip:o,text:Qr(e,i)})]:[]})}function ai(e){if(typeof e!=`object`||!e)return null;let t=e,n=e=>typeof t[e]==`number`?t[e]:0;return{seconds:n(`seconds`),of:n(`of_seconds`),every_picture:n(`seconds_up_to_double_speed`),missing_from:null,fastest:n(`fastest_percent`)}}function oi(e,t,n,r,i){if(typeof i==`number`)return li(e,r,i);if(typeof i==`object`)return ui(e,r,i);if(typeof i!=`string`||!i)return``;let{clip:a}=t.details,o=n.camera(typeof a==`string`?a:``)??``;return si[r]?.({context:e,step:t,camera:o,caseId:n.case},i)??i}var si={kind:ci,result:({context:{t:e},step:{details:t}},n)=>n===`passed`||n===`failed`?Lr(e,typeof t.kind==`string`?t.kind:``,n):n,setting:({context:{t:e}},t)=>M(e,`setting.${t}`,t),shown_to:({context:{t:e}},t)=>M(e,`counter.${t}`,t),outcome:({context:e,step:t},n)=>t.action===`decision_proposed`?Z(e,`case_decision`,n):M(e.t,`outcomes.${n}`,n),way:({context:e},t)=>Z(e,`case_way`,t),by:({context:{t:e}},t)=>M(e,`by.${t}`,t),until:({context:{clock:e}},t)=>e.at(t),clip:({context:{t:e},camera:t},n)=>t?e(`history.clip`,{camera:t,clip:n}):n,error:({context:{t:e,hass:t},camera:n},r)=>er(e,r,n)??X(t,r,n),what:({context:{t:e,hass:t}},n)=>M(e,`deeds.${n.replace(/_case$/,``)}`,``)||t.localize(`component.niiza_cctv.services.${n}.name`)||n,reason:({context:e,step:t,camera:n,caseId:r},i)=>t.action===`refused`?X(e.hass,i,n,r):t.action===`alerts_muted`?Z(e,`mute_reason`,i):i};function ci({context:{hass:e},step:{details:t}},n){if(!(`object_kind`in t))return``;let{kind_name:r}=t;return typeof r==`string`?r:e.localize(`component.niiza_cctv.selector.check_kind.options.${n}`)||n}function li({t:e},t,n){return t===`clock_offset`?G(e,n):t===`hidden_pictures`||t===`count`&&n>1?String(n):``}function ui(e,t,n){let{t:r}=e;return n===null?``:t===`grounds`&&Array.isArray(n)?n.map(t=>Z(e,`case_ground`,String(t))).join(`、`):t===`items`?Array.isArray(n)?``:Object.keys(n).join(`、`):t===`witness`?`name`in n?String(n.name):``:`audio`in n||`profiles`in n||`mode`in n?xn(r,n,t===`before`):``}var di=class extends F{static properties={...F.properties,caseId:{type:String},shown:{state:!0},asking:{state:!0},released:{state:!0},playing:{state:!0},item:{state:!0},marked:{state:!0}};static styles=[A,o`
      .way {
        counter-reset: step;
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
      }
      .way li {
        align-items: center;
        border-block-start: 4px solid var(--divider-color);
        color: var(--secondary-text-color);
        display: flex;
        flex: 1 1 100px;
        gap: 8px;
        padding-block-start: 8px;
      }
      .way li.past {
        border-color: var(--success-color);
      }
      .way li[aria-current] {
        border-color: var(--primary-color);
        color: var(--primary-text-color);
        font-weight: 500;
      }
      .here {
        font-size: 1.35rem;
        margin-block: 20px 4px;
      }
      .next {
        font-size: 1.1rem;
      }
      .offers {
        display: grid;
        gap: 12px;
        grid-template-columns: repeat(auto-fill, minmax(min(100%, 240px), 1fr));
        margin-block-start: 16px;
      }
      .offers p {
        margin-block-start: 6px;
      }
      .offers button {
        inline-size: 100%;
      }
      h3 {
        margin-block: 16px 4px;
      }
      .clips {
        display: grid;
        gap: 16px;
      }
      .history {
        border-inline-start: 2px solid var(--divider-color);
        display: grid;
        gap: 14px;
        margin-inline-start: 6px;
        padding-inline-start: 20px;
      }
      .history li {
        /* Hashes are longer than a phone is wide. */
        overflow-wrap: anywhere;
        position: relative;
      }
      .history li::before {
        background: var(--card-background-color);
        block-size: 10px;
        border: 2px solid var(--secondary-text-color);
        border-radius: 50%;
        content: "";
        inline-size: 10px;
        inset-block-start: 7px;
        inset-inline-start: -28px;
        position: absolute;
      }
      .history li.refused::before {
        background: var(--error-color);
        border-color: var(--error-color);
        border-radius: 0;
      }
    `];constructor(){super(),this.caseId=``,this.asking=``,this.item=``}willUpdate(e){e.has(`caseId`)&&(this.shown=void 0,this.released=void 0,this.asking=``,this.marked=void 0,this.refresh()),super.willUpdate(e)}async read(){let e=this.caseId,t=await this.context.api.getCase(e);e===this.caseId&&(this.shown=t)}ask(e,t=``){this.error=``,this.item=t,this.asking=e}async runErrand({name:e,run:t}){await this.attempt(e,async()=>{await t(),await this.refresh()})&&e===`cut_clip`&&(this.marked=void 0)}mark(e){this.error=``,this.marked=e}async carryOut({act:e,carryOut:t}){await this.attempt(e,async()=>{let e=await t();e&&(this.released=e),this.asking=``,await this.refresh()})}async cancelClip(e){await this.attempt(e.clip,async()=>{await this.context.api.cancelClip(e.clip),await this.refresh()})}async sealEarly(e){await this.attempt(e.clip,async()=>{await this.context.api.sealEarly(e.clip),await this.refresh()})}async retryClip(e){let{api:t}=this.context;await this.attempt(e.clip,async()=>{e.state===`failed`&&await t.cancelClip(e.clip);let{camera:n,start:r,end:i}=e;await t.exportClip(this.caseId,{cameras:[n],start:r,end:i,margin:0}),await this.refresh()})}way(e){let{t,info:n}=this.context,r=zn(e,n),i=r.indexOf(Rn(e,n));return i<0?x:y`<ol class="way" aria-label=${t(`case.way`)}>
      ${r.map((e,n)=>y`<li class=${n<i?`past`:``} aria-current=${n===i?`step`:x}>
            <ha-icon icon=${n<i?`mdi:check`:Gn[e]}></ha-icon>
            <span>${Kn(t,e)}</span>
          </li>`)}
    </ol>`}offer({act:e,why:t},n,r){let{t:i,info:a}=this.context,o=n&&!(e===`propose`&&r.decision),s=Yn.has(e)?`danger`:o?`main`:``;return y`<div>
      <button
        class=${t?``:s}
        ?disabled=${t!==null}
        aria-describedby=${t?`why-${e}`:x}
        @click=${()=>{this.ask(e)}}
      >
        <ha-icon icon=${qn[e]}></ha-icon>${Jn(i,e,r,K(r,a))}
      </button>
      ${t?y`<p class="small soft" id="why-${e}">${i(t)}</p>`:x}
    </div>`}deadlines(e){let{t,clock:n}=this.context,r=En.has(e.state);return y`${e.overwritten_at&&r?y`<p class="row">
          ${t(`case.overwritten_at`,{at:n.at(e.overwritten_at)})} ${Xn(t,e.overwritten_at)}
        </p>`:x}
    ${e.questions?y`<ha-alert alert-type="warning">${t(`case.silent`)}</ha-alert>`:x}
    ${e.kept_until?y`<p class="soft">
          ${t(r?`case.expires`:`case.removed_at`,{at:n.at(e.kept_until)})}
        </p>`:x}`}next(e){let{t,info:n}=this.context,r=Rn(e,n);return y`<ha-card>
      ${this.way(e)}
      <h2 class="with-icon here">
        <ha-icon icon=${Gn[r]}></ha-icon>${Kn(t,r)}
      </h2>
      <p class="next">${t(In(e,n))}</p>
      ${jr(this.context,e,/* @__PURE__ */ new Date)} ${this.deadlines(e)}
      <div class="offers">
        ${Pn(e,n).map((t,n)=>this.offer(t,n===0,e))}
      </div>
      ${this.asking||this.marked?x:this.errorAlert()}
    </ha-card>`}package(e){let{t}=this.context;return e.packing&&this.asking!==`release`?y`<ha-card><h2>${t(`package.making`)}</h2>${yr(this.context,e.packing,this.busy===`release`)}</ha-card>`:this.released?En.has(e.state)?y`<niiza-cctv-case-package
      .context=${this.context}
      .released=${this.released}
    ></niiza-cctv-case-package>`:x:br(this.context,e,/* @__PURE__ */ new Date)}counted({clip:e,watched:t}){if(!this.shown)return;let n=this.shown.passages.map(n=>n.clip===e?{...n,watched:t}:{...n,cuts:n.cuts.map(n=>n.cut===e?{...n,watched:t}:n),masks:n.masks.map(n=>n.mask===e?{...n,watched:t}:n)});this.shown={...this.shown,passages:n}}step(e){return this.asking?y`<niiza-cctv-case-step
      .context=${this.context}
      .shown=${e}
      .act=${this.asking}
      .item=${this.item}
      .running=${this.busy}
      .failure=${this.error}
      @watched-counted=${e=>{this.counted(e.detail)}}
      @submitted=${e=>void this.carryOut(e.detail)}
      @dismissed=${()=>{this.ask(``)}}
    ></niiza-cctv-case-step>`:x}cutting(){return this.marked?y`<niiza-cctv-cut-form
      .context=${this.context}
      .marked=${this.marked}
      .running=${this.busy}
      .failure=${this.error}
      @submitted=${e=>void this.runErrand(e.detail)}
      @dismissed=${()=>{this.mark(void 0)}}
    ></niiza-cctv-cut-form>`:x}leaving(e){return K(e,this.context.info)?Mr(this.context,e):!e.release_items.length&&!e.offers.includes(`choose_for_release`)?x:y`<niiza-cctv-case-release
      .context=${this.context}
      .shown=${e}
      .paused=${!!this.busy}
      @approving=${e=>{this.ask(`approve`,e.detail)}}
    ></niiza-cctv-case-release>`}clip(e,t){return y`<li>
      <niiza-cctv-case-clip
        @watched-counted=${e=>{this.counted(e.detail)}}
        .context=${this.context}
        .clip=${e}
        .caseState=${t.state}
        .takesClips=${t.offers.includes(`request_clips`)}
        .paused=${!!this.busy}
        .covered=${!!(this.asking||this.marked)}
        .playing=${this.playing?.clip===e.clip?this.playing.player:``}
        @cancelled=${()=>void this.cancelClip(e)}
        @sealed-early=${()=>void this.sealEarly(e)}
        @retried=${()=>void this.retryClip(e)}
        @played=${({detail:t})=>{this.playing=t?{clip:e.clip,player:t}:void 0}}
      ></niiza-cctv-case-clip>
    </li>`}footage(e){let{t}=this.context;return y`<ha-card>
      <h2>${t(`case.footage`)}</h2>
      ${e.passages.length?y`<ul class="clips">
            ${e.passages.map(t=>this.clip(t,e))}
          </ul>`:y`<p class="soft">${t(`case.no_footage`)}</p>`}
    </ha-card>`}papers(e){let{t,info:n}=this.context,r=K(e,n);return y`<ha-card>
      <h2>${t(`case.request`)}</h2>
      <dl>
        ${Object.entries(e.request).map(([e,n])=>n?y`<dt>${un(t,e,r)}</dt>
                <dd>${n}</dd>`:x)}
      </dl>
    </ha-card>`}history(e){return y`<ha-card>
      <h2>${this.context.t(`case.history`)}</h2>
      <ol class="history">
        ${e.history.map(t=>this.historyEntry(t,e))}
      </ol>
    </ha-card>`}historyEntry(e,t){let{t:n,clock:r}=this.context,i=ti(this.context,e,{case:this.caseId,camera:e=>t.passages.find(t=>t.clip===e)?.camera_name});return y`<li class=${e.action===`refused`?`refused`:``}>
      <div class="row">
        <strong>${M(n,`history.${e.action}`,e.action)}</strong>
        <span>${e.person?.name??n(`history.nobody`)}</span>
      </div>
      <time class="soft small" datetime=${e.at}>${r.at(e.at)}</time>
      ${i.map(e=>y`<div class="small">${e}</div>`)}
    </li>`}unknown(){let{t:e}=this.context;return y`<div class="page">
      <h1 tabindex="-1">${this.caseId}</h1>
      ${this.unread?this.errorAlert(this.unread):y`<p role="status">${e(`common.loading`)}</p>`}
      <p><a href="${N}/cases">${e(`case.back`)}</a></p>
    </div>`}render(){let{t:e}=this.context,{shown:t}=this;return t?y`<div
      class="page"
      @errand=${e=>void this.runErrand(e.detail)}
      @cut-marked=${e=>{this.mark(e.detail)}}
    >
      <p><a class="with-icon" href="${N}/cases"><ha-icon icon="mdi:arrow-left"></ha-icon>${e(`case.back`)}</a></p>
      <h1 tabindex="-1">${e(`case.heading`,{case:t.case,kind:e(`kinds.${t.kind}`)})}</h1>
      ${this.errorAlert(this.unread)} ${this.next(t)} ${this.package(t)} ${this.step(t)}
      ${this.cutting()} ${this.leaving(t)} ${this.footage(t)} ${this.papers(t)} ${this.history(t)}
    </div>`:this.unknown()}},fi={authentic:`mdi:shield-check`,pictures_missing:`mdi:shield-alert`,not_authentic:`mdi:shield-remove`,not_signed:`mdi:shield-off`,not_checked:`mdi:shield-off`};function pi(e,t,n,r=0){if(!n)return x;let{state:i,until:a,spans:o,more_spans:s,trust:c,signer:l,fingerprint:u,certificate_from:d}=n;return y`<p class="small with-icon">
      <ha-icon icon=${fi[i]}></ha-icon>
      <span
        >${e(`clip.signed_${i}`,{until:a?t.at(a):e(`clip.signed_nothing`)})}
        ${c?e(`clip.key_${c}`,{signer:l,fingerprint:u}):x}
        ${d?e(`clip.certificate_${d}`):x} ${r?e(`clip.read_on`,{count:r}):x}</span
      >
    </p>
    ${o.length?y`<ul class="small">
          ${o.map(({start:n,end:r,verdict:i})=>y`<li>${t.tenths(new Date(n))}–${t.tenths(new Date(r))}: ${e(`clip.verdict_${i}`)}</li>`)}
          ${s?y`<li>${e(`clip.signed_more`,{count:s})}</li>`:x}
        </ul>`:x}`}var mi={request:`mdi:file-remove-outline`,confirm:`mdi:account-check`,decline:`mdi:undo`},hi={request:`cut.withdraw`,confirm:`cut.confirm`,decline:`cut.decline`},gi={request:`cut.withdraw_question`,confirm:`cut.confirm_question`};function _i(e,{item:t,steps:n},r,i){return n.map(n=>{let a=gi[n];return y`<button
      class=${n===`confirm`?`danger`:`flat`}
      ?disabled=${r}
      @click=${()=>{(!a||window.confirm(e(a,{item:t})))&&i(n)}}
    >
      <ha-icon icon=${mi[n]}></ha-icon>${e(hi[n])}
    </button>`})}var vi=class extends P{static properties={...P.properties,cut:{attribute:!1},cameraName:{type:String},paused:{type:Boolean},covered:{type:Boolean},playing:{type:Boolean}};static styles=[A,o`
      :host {
        border-inline-start: 4px solid var(--divider-color);
        display: grid;
        gap: 8px;
        padding-inline-start: 16px;
      }
    `];constructor(){super(),this.cameraName=``,this.paused=!1,this.covered=!1,this.playing=!1}errand(e){let t={name:this.cut.cut,run:e};this.dispatchEvent(new CustomEvent(`errand`,{detail:t,bubbles:!0,composed:!0}))}facts(e){let{t,clock:n}=this.context,{pictures:r,hidden_pictures:i}=e,a=e.encoded_anew?t(`cut.not_original`):i?t(`cut.hidden`,{count:i}):t(`cut.nothing_hidden`);return y`<p class="small">
        ${t(`cut.facts`,{pictures:r,first:n.at(e.first_picture),last:n.at(e.last_picture)})}
        <strong>${a}</strong>
      </p>
      ${pi(t,n,e.signing)}
      <details>
        <summary class="small">${t(`clip.hashes`)}</summary>
        <dl class="small">
          ${[e.file,e.viewing_copy].map(e=>e?y`<dt>${e.name}</dt>
                  <dd class="mono">${t(`clip.size`,{mb:(e.size/1e6).toFixed(1)})} ${e.sha256}</dd>`:x)}
        </dl>
      </details>`}buttons(){let{t:e,api:t}=this.context,{cut:n}=this;return y`<div class="row">
      ${n.state===`sealed`?y`<button
            aria-expanded=${this.playing}
            @click=${()=>{this.playing=!this.playing}}
          >
            <ha-icon icon=${this.playing?`mdi:close`:`mdi:play-box-lock`}></ha-icon>${e(this.playing?`watch.close`:`cut.watch`)}
          </button>`:x}
      ${n.offers.includes(`cancel_clip`)?y`<button
            ?disabled=${this.paused}
            @click=${()=>{this.errand(()=>t.cancelClip(n.cut))}}
          >
            <ha-icon icon="mdi:cancel"></ha-icon>${e(`cut.cancel`)}
          </button>`:x}
      ${_i(e,{item:n.cut,steps:n.withdrawal_steps,withdrawal:n.withdrawal},this.paused,e=>{this.errand(()=>t.withdrawClip(n.cut,e))})}
    </div>`}render(){let{t:e,clock:t,hass:n}=this.context,{cut:r}=this;return y`<div class="row spread">
        <h4>${e(r.encode_anew?`cut.copy`:`cut.name`,{cut:r.cut})}</h4>
        <span class="chip ${r.state===`failed`?`risk`:``}">${e(`cut.${r.state}`)}</span>
      </div>
      <p>${Y(e,t,r)}</p>
      ${r.state===`requested`?y`<progress max="100" .value=${r.percent??0} aria-label=${e(`cut.requested`)}></progress>`:x}
      ${r.error?y`<ha-alert alert-type="warning">${X(n,r.error,this.cameraName)}</ha-alert>`:x}
      ${r.sealed?this.facts(r.sealed):x} ${yi(this.context,r.withdrawal,r.state)}
      ${this.buttons()}
      ${this.playing&&r.state===`sealed`?y`<niiza-cctv-sealed
            .context=${this.context}
            .clip=${r.cut}
            .cameraName=${this.cameraName}
            .covered=${this.covered}
          ></niiza-cctv-sealed>`:x}`}};function yi({t:e,clock:t},n,r){return n&&r===`sealed`?y`<ha-alert alert-type="warning"
        >${e(`cut.withdrawal`,{person:n.by.name,at:t.at(n.at)})}</ha-alert
      >`:x}function bi(e,t){return`${N}/mask/${e.slice(0,e.lastIndexOf(`-`))}/${t}`}var xi=class extends P{static properties={...P.properties,mask:{attribute:!1},clip:{attribute:!1},paused:{type:Boolean},covered:{type:Boolean},playing:{type:Boolean},showing:{type:Boolean}};static styles=[A,o`
      :host {
        border-inline-start: 4px solid var(--divider-color);
        display: grid;
        gap: 8px;
        padding-inline-start: 16px;
      }
    `];constructor(){super(),this.paused=!1,this.covered=!1,this.playing=!1,this.showing=!1}errand(e){let t={name:this.mask.mask,run:e};this.dispatchEvent(new CustomEvent(`errand`,{detail:t,bubbles:!0,composed:!0}))}trouble(e){let{hass:t}=this.context;return y`<ha-alert alert-type="warning">${t.localize(`component.niiza_cctv.exceptions.${e}.message`,this.mask.error_placeholders)||e}</ha-alert>`}facts(e){let{t,clock:n}=this.context,{file:r}=e;return y`<p>
        ${t(`mask.passage`,{start:n.at(e.first_picture),end:n.at(e.last_picture)})}
      </p>
      <p class="small">
        ${t(`mask.facts`,{pictures:e.pictures,revealed:e.revealed})}
        ${e.damaged?t(`mask.damaged`,{count:e.damaged}):x}
        <strong>${t(`cut.not_original`)}</strong>
      </p>
      <details>
        <summary class="small">${t(`clip.hashes`)}</summary>
        <dl class="small">
          <dt>${r.name}</dt>
          <dd class="mono">${t(`clip.size`,{mb:(r.size/1e6).toFixed(1)})} ${r.sha256}</dd>
        </dl>
      </details>`}buttons(){let{t:e,api:t}=this.context,{mask:n}=this;return y`<div class="row">
      ${n.state===`sealed`?y`<button
              aria-expanded=${this.playing}
              @click=${()=>{this.playing=!this.playing}}
            >
              <ha-icon icon=${this.playing?`mdi:close`:`mdi:play-box-lock`}></ha-icon>${e(this.playing?`watch.close`:`cut.watch`)}
            </button>
            ${Si(this.context,this.clip.clip,n.mask)}`:x}
      ${n.offers.includes(`show_at_counter`)?y`<button
            class="main"
            ?disabled=${this.paused}
            @click=${()=>{this.playing=!1,this.showing=!0}}
          >
            <ha-icon icon="mdi:monitor-eye"></ha-icon>${e(`counter.show`)}
          </button>`:x}
      ${n.offers.includes(`cancel_clip`)?y`<button
            ?disabled=${this.paused}
            @click=${()=>{this.errand(()=>t.cancelClip(n.mask))}}
          >
            <ha-icon icon="mdi:cancel"></ha-icon>${e(`mask.cancel`)}
          </button>`:x}
      ${_i(e,{item:n.mask,steps:n.withdrawal_steps,withdrawal:n.withdrawal},this.paused,e=>{this.errand(()=>t.withdrawClip(n.mask,e))})}
    </div>`}render(){let{t:e}=this.context,{mask:t}=this;return y`<div class="row spread">
        <h4>${e(`mask.name`,{mask:t.mask})}</h4>
        <span class="chip ${t.state===`failed`?`risk`:``}">${M(e,`mask.${t.state}`,t.state)}</span>
      </div>
      ${t.state===`requested`?y`<progress max="100" .value=${t.percent??0} aria-label=${e(`mask.requested`)}></progress>`:x}
      ${t.error?this.trouble(t.error):x} ${t.sealed?this.facts(t.sealed):x}
      <p class="small">
        ${e(`mask.looks`,{fill:M(e,`mask.fill_${t.fill}`,t.fill),marking:t.marking??e(`mask.marking_none`)})}
      </p>
      ${yi(this.context,t.withdrawal,t.state)} ${this.buttons()}
      ${this.playing&&t.state===`sealed`?y`<niiza-cctv-sealed
            .context=${this.context}
            .clip=${t.mask}
            .cameraName=${this.clip.camera_name}
            .covered=${this.covered}
            .through=${!0}
          ></niiza-cctv-sealed>`:x}
      ${this.showing?y`<niiza-cctv-counter-form
            .context=${this.context}
            .mask=${t.mask}
            .cameraName=${this.clip.camera_name}
            @dismissed=${()=>{this.showing=!1}}
          ></niiza-cctv-counter-form>`:x}`}};function Si({t:e},t,n){return y`<a class="button" href=${bi(t,n)}
    ><ha-icon icon="mdi:compare"></ha-icon>${e(`mask.review`)}</a
  >`}function Ci({t:e,clock:t},{sealed_early:n}){return n?y`<ha-alert alert-type="warning"
        >${e(`clip.sealed_early`,{person:n.by.name,at:t.at(n.at)})}</ha-alert
      >`:x}function wi({t:e},t){let{progress:n,rest_of:r,start:i,end:a}=t,o=Math.round((Date.parse(a)-Date.parse(i))/1e3),s=t.state===`requested`?n:null;return y`${r?y`<p class="small soft">${e(`clip.rest_of`,{clip:r})}</p>`:x}
  ${s?.real_time?y`<p class="small">${e(`progress.real_time`,{time:J(o)})}</p>`:x}
  ${s?.stalled?y`<ha-alert alert-type="info">${e(`clip.stalled`)}</ha-alert>`:x}`}var Ti={requested:`mdi:progress-download`,sealed:`mdi:lock-check`,failed:`mdi:alert-circle`,cancelled:`mdi:cancel`,withdrawn:`mdi:file-remove`,removed:`mdi:delete-empty`},Ei={requested:[`card`],sealed:[`sealed`,`card`],failed:[`card`],cancelled:[`card`],withdrawn:[],removed:[]};function Di(e){return e.by_hand?e.by_hand.network===`none`?[]:[`card`]:Ei[e.state]}var Oi=class extends P{static properties={...P.properties,clip:{attribute:!1},caseState:{type:String},takesClips:{type:Boolean},paused:{type:Boolean},playing:{type:String},covered:{type:Boolean}};static styles=[A,o`
      :host {
        border: 1px solid var(--divider-color);
        border-radius: 12px;
        display: grid;
        gap: 8px;
        padding: 16px;
      }
      details summary {
        cursor: pointer;
        min-block-size: 40px;
      }
    `];constructor(){super(),this.covered=!1,this.takesClips=!1,this.paused=!1,this.playing=``}tell(e){this.dispatchEvent(new CustomEvent(e))}cancel(){let e=this.clip.by_hand?`by_hand.withdraw_question`:`clip.cancel_question`;window.confirm(this.context.t(e,{camera:this.clip.camera_name}))&&this.tell(`cancelled`)}sealEarly(){let e=this.context.t(`clip.seal_early_question`,{camera:this.clip.camera_name});window.confirm(e)&&this.tell(`sealed-early`)}play(e){this.dispatchEvent(new CustomEvent(`played`,{detail:e}))}players(){if(this.caseState===`purged`)return[];let e=this.context.info.roles.includes(`viewer`);return Di(this.clip).filter(t=>t===`sealed`||e)}waits(){return this.clip.state===`requested`||this.clip.state===`failed`}cut(){let{clip:e,start:t,end:n}=this.clip,r={clip:e,start:t,end:n};this.dispatchEvent(new CustomEvent(`cut-marked`,{detail:r,bubbles:!0,composed:!0}))}withdraw(e){let{api:t}=this.context,{clip:n}=this.clip,r={name:n,run:()=>t.withdrawClip(n,e)};this.dispatchEvent(new CustomEvent(`errand`,{detail:r,bubbles:!0,composed:!0}))}cancellable(){return this.clip.offers.includes(`cancel_clip`)}retriable(){let{by_hand:e,sealed_early:t,state:n}=this.clip,r=n===`failed`||n===`cancelled`||n===`sealed`&&!!t;return this.takesClips&&!e&&r}chip(){let{t:e}=this.context,{by_hand:t,state:n}=this.clip,[r,i]=t&&n===`sealed`?[`mdi:usb-flash-drive`,e(`by_hand.taken`)]:[Ti[n],e(`clip.${n}`)];return y`<span class="chip ${n===`failed`?`risk`:``}"><ha-icon icon=${r}></ha-icon>${i}</span>`}progress(){let{t:e}=this.context,{progress:t,state:n,camera_name:r}=this.clip;if(!t||n!==`requested`)return x;let i=Math.floor(t.percent),a=[M(e,`progress.${t.state}`,t.state),t.state===`queued`&&t.place>0?e(`progress.place`,{place:t.place}):``,t.remaining===null?``:e(`progress.remaining`,{time:J(t.remaining)})].filter(Boolean);return y`<div>
      <progress max="100" .value=${t.percent} aria-label=${e(`progress.label`,{camera:r})}>${i}%</progress>
      <div class="row spread small"><span>${a.join(`・`)}</span><span>${i}%</span></div>
    </div>`}trouble(e){let{t,hass:n}=this.context,{camera_name:r,attempts:i,progress:a,state:o}=this.clip,s=X(n,e,r);return o===`requested`&&(a?.state===`retrieving`||a?.state===`writing`)?y`<p class="small soft">${t(`clip.setback`,{error:s})}</p>`:y`<ha-alert alert-type="warning"
      >${er(t,e,r)??t(`clip.error`,{error:s,attempts:i})}</ha-alert
    >`}overwriting(e){let{t,clock:n}=this.context;return y`<p class="row small">${t(`find.overwritten_at`,{at:n.at(e)})} ${Xn(t,e)}</p>`}sealed(e){let{t,clock:n}=this.context;return y`
      <p class="small">
        ${t(`clip.facts`,{width:e.width,height:e.height,codec:e.codec.toUpperCase(),pictures:e.pictures,first:n.at(e.first_picture),last:n.at(e.last_picture)})}
        ${e.damaged?t(`clip.damaged`,{count:e.damaged}):x}
        ${e.signed_by_camera&&!e.signing?t(`clip.signed`):x}
        ${e.viewing_copy_due?t(`clip.copying`):x}
      </p>
      ${e.gaps.length?$n(t,n,e.gaps):y`<p class="small with-icon"><ha-icon icon="mdi:check-circle"></ha-icon>${t(`find.complete`)}</p>`}
      ${pi(t,n,e.signing,e.read_on)} ${Cn(t,n,e.clocks)} ${this.hashes(e)}
    `}hashes({master:e,viewing_copy:t}){let{t:n}=this.context;return y`<details>
      <summary class="small">${n(`clip.hashes`)}</summary>
      <dl class="small">
        ${[e,t].map(e=>e?y`<dt>${e.name}</dt>
                <dd class="mono">${n(`clip.size`,{mb:(e.size/1e6).toFixed(1)})} ${e.sha256}</dd>`:x)}
      </dl>
    </details>`}byHand(e){let{t}=this.context;return y`
      <p class="small">${t(`by_hand.not_here`)}</p>
      ${e.network===`none`?x:y`<ha-alert alert-type=${e.network===`up`?`warning`:`info`}
            >${t(e.network===`up`?`by_hand.was_up`:`by_hand.was_down`)}</ha-alert
          >`}
      <dl class="small">
        ${this.byHandRows(e).map(([e,t])=>t?y`<dt>${e}</dt>
                <dd class=${e===`SHA-256`?`mono`:``}>${t}</dd>`:x)}
      </dl>
    `}byHandRows(e){let{t}=this.context,{clock_offset:n,second_person:r}=e;return[[t(`by_hand.people`),t(`by_hand.two`,{person:this.clip.asked_by.name,second:r.name})],[t(`fields.medium`),e.medium],[t(`fields.medium_serial`),e.medium_serial],[`SHA-256`,e.sha256??t(`by_hand.no_hash`)],[t(`by_hand.clock`),n===null?t(`by_hand.clock_not_read`):G(t,n)],[t(`fields.note`),e.note]]}watchButton(e){let{t}=this.context,n=this.playing===e,r=e===`sealed`;return y`<button
      aria-expanded=${n}
      @click=${()=>{this.play(n?``:e)}}
    >
      <ha-icon icon=${n?`mdi:close`:r?`mdi:play-box-lock`:`mdi:play`}></ha-icon>${t(n?`watch.close`:r?`watch.open_sealed`:`watch.open_card`)}
    </button>`}buttons(e){let{t}=this.context;return y`<div class="row">
      ${e.map(e=>this.watchButton(e))}
      ${this.clip.offers.includes(`seal_early`)?y`<button ?disabled=${this.paused} @click=${this.sealEarly}>
            <ha-icon icon="mdi:movie-check"></ha-icon>${t(`clip.seal_early`)}
          </button>`:x}
      ${this.cancellable()?y`<button ?disabled=${this.paused} @click=${this.cancel}>
            <ha-icon icon="mdi:cancel"></ha-icon>${t(this.clip.by_hand?`by_hand.withdraw`:`clip.cancel`)}
          </button>`:x}
      ${this.retriable()?y`<button
            ?disabled=${this.paused}
            @click=${()=>{this.tell(`retried`)}}
          >
            <ha-icon icon="mdi:refresh"></ha-icon>${t(`clip.retry`)}
          </button>`:x}
      ${this.clip.offers.includes(`cut_clip`)?y`<button ?disabled=${this.paused} @click=${this.cut}>
            <ha-icon icon="mdi:content-cut"></ha-icon>${t(`cut.cut`)}
          </button>`:x}
      ${this.maskLink()}
      ${_i(t,{item:this.clip.clip,steps:this.clip.withdrawal_steps,withdrawal:this.clip.withdrawal},this.paused,e=>{this.withdraw(e)})}
    </div>`}maskLink(){let{clip:e,offers:t}=this.clip;return t.includes(`mask_clip`)?y`<a class="button" href=${bi(e,e)}
      ><ha-icon icon="mdi:account-eye"></ha-icon>${this.context.t(`mask.open`)}</a
    >`:x}masks(){return this.clip.masks.map(e=>y`<niiza-cctv-case-mask
          .context=${this.context}
          .mask=${e}
          .clip=${this.clip}
          .paused=${this.paused}
          .covered=${this.covered}
        ></niiza-cctv-case-mask>`)}cuts(){return this.clip.cuts.map(e=>y`<niiza-cctv-case-cut
          .context=${this.context}
          .cut=${e}
          .cameraName=${this.clip.camera_name}
          .paused=${this.paused}
          .covered=${this.covered}
        ></niiza-cctv-case-cut>`)}player(){let{clip:e}=this;switch(this.playing){case`sealed`:return y`<niiza-cctv-sealed
          .context=${this.context}
          .clip=${e.clip}
          .cameraName=${e.camera_name}
          .cuttable=${e.offers.includes(`cut_clip`)}
          .covered=${this.covered}
        ></niiza-cctv-sealed>`;case`card`:return y`<niiza-cctv-watch
          .context=${this.context}
          .camera=${e.camera}
          .cameraName=${e.camera_name}
          .start=${e.start}
          .end=${e.end}
          .kept=${e.state===`sealed`}
        ></niiza-cctv-watch>`;case``:return x}}render(){let{t:e,clock:t}=this.context,{clip:n}=this,r=this.players();return y`
      <div class="row spread">
        <h3>${n.camera_name}</h3>
        ${this.chip()}
      </div>
      <p>${Y(e,t,n)}</p>
      ${this.progress()} ${wi(this.context,n)} ${Ci(this.context,n)}
      ${n.error&&this.waits()?this.trouble(n.error):x}
      ${n.overwritten_at&&this.waits()?this.overwriting(n.overwritten_at):x}
      ${n.sealed?this.sealed(n.sealed):x} ${n.by_hand?this.byHand(n.by_hand):x}
      ${yi(this.context,n.withdrawal,n.state)} ${this.buttons(r)}
      ${r.some(e=>e===this.playing)?this.player():x} ${this.cuts()} ${this.masks()}
    `}},ki=class extends P{static properties={...P.properties,released:{attribute:!1},downloaded:{state:!0},copied:{state:!0}};static styles=[A,o`
      .passphrase {
        border: 2px solid var(--primary-color);
        border-radius: 12px;
        font-size: 1.4rem;
        padding: 12px 16px;
        user-select: all;
      }
    `];constructor(){super(),this.downloaded=!1,this.copied=``}willUpdate(e){e.has(`released`)&&(this.downloaded=!1,this.copied=``)}updated(e){e.has(`released`)&&this.renderRoot.querySelector(`#package`)?.focus()}async copyPassphrase(e){this.copied=this.context.t(await Bt(e)?`release.copied`:`release.not_copied`)}markDownloaded(){setTimeout(()=>{this.downloaded=!0})}passphrase(e){let{t}=this.context;return y`<ha-alert alert-type="warning">${t(`release.passphrase_warning`)}</ha-alert>
      <p></p>
      <p class="passphrase mono" aria-label=${t(`release.passphrase`)}>${e}</p>
      <p class="row">
        <button @click=${()=>void this.copyPassphrase(e)}>
          <ha-icon icon="mdi:content-copy"></ha-icon>${t(`release.copy`)}
        </button>
        <span role="status">${this.copied}</span>
      </p>`}download({link:e,file:t,expires:n}){let{t:r,clock:i}=this.context;return this.downloaded?y`<p>${r(`release.downloaded`)}</p>`:y`<p class="row">
      <a class="button main" href=${e} download @click=${this.markDownloaded}
        ><ha-icon icon="mdi:download"></ha-icon>${r(`release.download`,{name:t.name})}</a
      >
      <span>${r(`release.once`,{at:i.at(n)})} ${r(`release.anyone`)}</span>
    </p>`}render(){let{t:e}=this.context,{released:t}=this;return y`<ha-card id="package" tabindex="-1" role="region" aria-labelledby="package-heading">
      <h2 id="package-heading">${e(`release.heading`)}</h2>
      ${t.passphrase?this.passphrase(t.passphrase):x} ${this.download(t)}
      <dl class="small">
        <dt>SHA-256</dt>
        <dd class="mono">${t.file.sha256}</dd>
      </dl>
    </ha-card>`}},Ai=class extends P{static properties={...P.properties,shown:{attribute:!1},paused:{type:Boolean},picked:{state:!0}};static styles=[A,o`
      ul {
        display: grid;
        gap: 16px;
        margin-block-end: 16px;
      }
      li {
        border: 1px solid var(--divider-color);
        border-radius: 12px;
        display: grid;
        gap: 8px;
        padding: 16px;
      }
    `];constructor(){super(),this.paused=!1}willUpdate(e){let t=e.get(`shown`);t&&t.case!==this.shown.case&&(this.picked=void 0)}choosable(){let{t:e}=this.context;return this.shown.passages.flatMap(t=>{let n=t.by_hand?`by_hand`:`clip`,r={id:t.clip,label:e(`items.${n}`,{camera:t.camera_name,item:t.clip})},i=t.cuts.filter(e=>e.state===`sealed`).map(n=>({id:n.cut,label:e(n.encode_anew?`items.viewing_copy`:`items.cut`,{camera:t.camera_name,item:n.cut})})),a=t.masks.filter(e=>e.state===`sealed`).map(n=>({id:n.mask,label:e(`items.masked`,{camera:t.camera_name,item:n.mask})}));return t.state===`sealed`?[r,...i,...a]:[]})}begin(){this.error=``,this.picked=new Set(this.shown.release_items.map(e=>e.item))}toggle(e,t){let n=new Set(this.picked);t?n.add(e):n.delete(e),this.picked=n}choose(){let e=[...this.picked??[]];if(!e.length){this.error=this.context.t(`items.choose_one`);return}let{api:t}=this.context;this.dispatchEvent(new CustomEvent(`errand`,{detail:{name:`choose_for_release`,run:async()=>{await t.chooseForRelease(this.shown.case,e),this.picked=void 0}},bubbles:!0,composed:!0}))}form(e){let{t}=this.context;return y`<fieldset>
        <legend>${t(`items.choose_help`)}</legend>
        <div class="choices">
          ${this.choosable().map(({id:t,label:n})=>y`<label class="choice"
                ><input
                  type="checkbox"
                  name="item"
                  value=${t}
                  .checked=${e.has(t)}
                  @change=${e=>{this.toggle(t,e.target.checked)}}
                />${n}</label
              >`)}
        </div>
      </fieldset>
      ${this.errorAlert()}
      <div class="row">
        <button
          class="flat"
          ?disabled=${this.paused}
          @click=${()=>{this.picked=void 0}}
        >
          ${t(`common.back`)}
        </button>
        <button class="main" ?disabled=${this.paused} @click=${this.choose}>${t(`items.choose_do`)}</button>
      </div>`}item(e){let{t,clock:n}=this.context,r=this.shown.passages.find(t=>t.clip===e.item)?.by_hand,{approved_by:i,approved_at:a}=e;return y`<li>
      <div class="row spread">
        <h3>${Tr(this.context,e)}</h3>
        <span class="chip">${i&&a?t(`items.approved`,{person:i.name,at:n.at(a)}):t(`items.waits`)}</span>
      </div>
      ${Er(this.context,e,!(!r||r.sha256))}
      ${!i&&this.shown.offers.includes(`approve`)?y`<div class="row">
            <button
              ?disabled=${this.paused}
              @click=${()=>{this.dispatchEvent(new CustomEvent(`approving`,{detail:e.item}))}}
            >
              <ha-icon icon="mdi:check-decagram"></ha-icon>${t(`items.approve`)}
            </button>
          </div>`:x}
    </li>`}render(){let{t:e}=this.context,{shown:t}=this,n=t.chosen_by;return y`<ha-card>
      <h2>${e(`items.heading`)}</h2>
      <p class="soft">${n?e(`items.chosen_by`,{person:n.name}):e(`items.default`)}</p>
      ${t.release_items.length?y`<ul>
            ${t.release_items.map(e=>this.item(e))}
          </ul>`:y`<p>${e(`items.none`)}</p>`}
      ${this.picked?this.form(this.picked):t.offers.includes(`choose_for_release`)?y`<div class="row">
              <button ?disabled=${this.paused} @click=${this.begin}>
                <ha-icon icon="mdi:format-list-checks"></ha-icon>${e(`items.choose`)}
              </button>
            </div>`:x}
    </ha-card>`}},ji=(e,t)=>{let n=e._$AN;if(n===void 0)return!1;for(let e of n)e._$AO?.(t,!1),ji(e,t);return!0},Mi=e=>{let t,n;do{if((t=e._$AM)===void 0)break;n=t._$AN,n.delete(e),e=t}while(n?.size===0)},Ni=e=>{for(let t;t=e._$AM;e=t){let n=t._$AN;if(n===void 0)t._$AN=n=/* @__PURE__ */ new Set;else if(n.has(e))break;n.add(e),Ii(t)}};function Pi(e){this._$AN===void 0?this._$AM=e:(Mi(this),this._$AM=e,Ni(this))}function Fi(e,t=!1,n=0){let r=this._$AH,i=this._$AN;if(i!==void 0&&i.size!==0){if(t){if(Array.isArray(r))for(let e=n;e<r.length;e++)ji(r[e],!1),Mi(r[e]);else r!=null&&(ji(r,!1),Mi(r))}else ji(this,e)}}var Ii=e=>{e.type==I.CHILD&&(e._$AP??=Fi,e._$AQ??=Pi)},Li=class extends Qt{constructor(){super(...arguments),this._$AN=void 0}_$AT(e,t,n){super._$AT(e,t,n),Ni(this),this.isConnected=e._$AU}_$AO(e,t=!0){e!==this.isConnected&&(this.isConnected=e,e?this.reconnected?.():this.disconnected?.()),t&&(ji(this,e),Mi(this))}setValue(e){if(tn(this._$Ct))this._$Ct._$AI(e,this);else{let t=[...this._$Ct._$AH];t[this._$Ci]=e,this._$Ct._$AI(t,this,0)}}disconnected(){}reconnected(){}},Ri=()=>new zi,zi=class{},Bi=/* @__PURE__ */ new WeakMap,Vi=Zt(class extends Li{render(e){return x}update(e,[t]){let n=t!==this.G;return n&&this.rt(void 0),(n||this.lt!==this.ct)&&(this.G=t,this.ht=e.options?.host,this.rt(this.ct=e.element)),x}rt(e){if(this.G!==void 0){if(this.isConnected||(e=void 0),typeof this.G==`function`){let t=this.ht??globalThis,n=Bi.get(t);n===void 0&&(n=/* @__PURE__ */ new WeakMap,Bi.set(t,n)),n.get(this.G)!==void 0&&this.G.call(this.ht,void 0),n.set(this.G,e),e!==void 0&&this.G.call(this.ht,e)}else this.G.value=e}}get lt(){return typeof this.G==`function`?Bi.get(this.ht??globalThis)?.get(this.G):this.G?.value}disconnected(){this.lt===this.ct&&this.rt(void 0)}reconnected(){this.rt(this.ct)}}),Hi=[`document_number`,`document_date`,`organisation`,`requester`,`identity_checked`,`legal_basis`,`purpose`,`event_time`,`event_place`,`note`];function Ui({t:e,info:t},n){let r=K(n,t),i=[[e(`approval.kind`),e(`kinds.${n.kind}`)],...Hi.flatMap(t=>{let i=n.request[t];return i?[[un(e,t,r),i]]:[]})];return y`<section class="paper" aria-label=${e(`case.request`)}>
    <dl>
      ${i.map(([e,t])=>y`<dt>${e}</dt>
            <dd>${t}</dd>`)}
    </dl>
  </section>`}function Wi(e,t){let{t:n,clock:r}=e,{sealed:i,watched:a}=t;return y`<dl class="small beside">
    <dt>${n(`approval.asked`)}</dt>
    <dd>${Y(n,r,t)}</dd>
    ${i?y`<dt>${n(`approval.inside`)}</dt>
          <dd>${qi(e,i)}${$n(n,r,i.gaps)}</dd>`:x}
    ${a?y`<dt>${n(`approval.watched`)}</dt>
          <dd class="watched">${Qr(n,a)}</dd>`:x}
  </dl>`}function Gi({t:e,clock:t},n,r){let i=Date.parse(n.start),a=Date.parse(n.end);return y`${$n(e,t,r.sealed?.gaps.filter(({start:e,end:t})=>Date.parse(e)<a&&Date.parse(t)>i)??[])}
  ${n.watched?y`<dl class="small beside">
        <dt>${e(`approval.watched`)}</dt>
        <dd class="watched">${Qr(e,n.watched)}</dd>
      </dl>`:x}`}function Ki({t:e},{watched:t}){return t?y`<dl class="small beside">
    <dt>${e(`approval.watched`)}</dt>
    <dd class="watched">${Qr(e,t)}</dd>
  </dl>`:x}function qi({t:e,clock:t},{first_picture:n,last_picture:r,gaps:i}){let a=Y(e,t,{start:n,end:r});return i.length?a:e(`approval.no_gaps`,{span:a})}function Ji({t:e},t){let n=t.flatMap(({watched:e})=>e?[e]:[]),r=n.filter(({seconds:e})=>!e).length,i=n.filter(({seconds:e,of:t})=>e&&e<t).length;return n.length?y`${r?y`<ha-alert alert-type="warning" class="unwatched"
        >${e(`approval.unwatched`,{count:r,of:n.length})}</ha-alert
      >`:i?y`<ha-alert alert-type="info" class="unwatched">${e(`approval.partly`,{count:i,of:n.length})}</ha-alert>`:x}
    <p class="small soft">${e(`approval.recorded`)}</p>`:x}var Yi=[`disclosed_in_full`,`disclosed_in_part`,`refused`,`nothing_found`],Xi=[`copy`,`view`];function Zi(e){return e?e.split(`,`):[]}function Qi({outcome:e,way:t,items:n,grounds:r,reasons:i}){return{outcome:e,way:t??``,items:n.join(`,`),grounds:r.join(`,`),reasons:i}}function $i({outcome:e,way:t,items:n,grounds:r}){return{outcome:e,way:Dr(e)?t:void 0,items:Dr(e)?Zi(n):[],grounds:Or(e)?Zi(r):[]}}function ea({outcome:e,reasons:t}){return e===`disclosed_in_full`?``:t?.trim()??``}var ta=class extends P{static properties={...P.properties,shown:{attribute:!1},typed:{attribute:!1}};static styles=[A,o`
      :host {
        display: grid;
        gap: 16px;
      }
    `];constructor(){super(),this.typed={}}reportValidity(){let{outcome:e,items:t,grounds:n}=this.typed,r=this.context.t(`decision.choose_one`);return H(this.renderRoot,{...Dr(e)&&!t?{"input[name=item]":r}:{},...Or(e)&&!n?{"input[name=ground]":r}:{}})}setField(e,t){U(this.renderRoot),this.typed={...this.typed,[e]:t},this.dispatchEvent(new CustomEvent(`typed`,{detail:[e,t]}))}toggle(e,t,n){let r=Zi(this.typed[e]).filter(e=>e!==t);this.setField(e,(n?[...r,t]:r).join(`,`))}radios(e,t,n){let{t:r}=this.context;return y`<fieldset>
      <legend>${r(`decision.${e}`)} ${fn(r)}</legend>
      <div class="choices">
        ${n.map(n=>y`<label class="choice"
              ><input
                type="radio"
                name=${e}
                value=${n}
                required
                .checked=${this.typed[e]===n}
                @change=${()=>{this.setField(e,n)}}
              />${Z(this.context,t,n)}</label
            >`)}
      </div>
    </fieldset>`}boxes(e,t){let{t:n}=this.context,r=`${e}s`;return y`<fieldset aria-describedby="${e}-help">
      <legend>${n(`decision.${r}`)} ${fn(n)}</legend>
      <p class="soft small" id="${e}-help">${n(`decision.${r}_help`)}</p>
      <div class="choices">
        ${t.map(({id:t,label:n})=>y`<label class="choice"
              ><input
                type="checkbox"
                name=${e}
                value=${t}
                .checked=${Zi(this.typed[r]).includes(t)}
                @change=${e=>{this.toggle(r,t,e.target.checked)}}
              />${n}</label
            >`)}
      </div>
    </fieldset>`}masks(){return this.shown.passages.flatMap(e=>e.masks.filter(e=>e.state===`sealed`).map(t=>({id:t.mask,label:this.context.t(`items.masked`,{camera:e.camera_name,item:t.mask})})))}disclosed(){let e=this.masks();return e.length?this.boxes(`item`,e):y`<ha-alert alert-type="warning">${this.context.t(`decision.no_masks`)}</ha-alert>`}grounds(){return(this.context.info.kinds.find(({kind:e})=>e===this.shown.kind)?.grounds??[]).filter(e=>e!==`article_81`||!Dr(this.typed.outcome)).map(e=>({id:e,label:Z(this.context,`case_ground`,e)}))}reasons(e){let{t}=this.context;return V(t,{name:`reasons`,label:t(`decision.reasons`),required:!0,help:M(t,`decision.reasons_${e}`,``),value:this.typed.reasons??``,setValue:e=>{this.setField(`reasons`,e)}})}render(){let{outcome:e}=this.typed;return y`${this.radios(`outcome`,`case_decision`,Yi)}
    ${Dr(e)?y`${this.radios(`way`,`case_way`,Xi)} ${this.disclosed()}`:x}
    ${Or(e)?this.boxes(`ground`,this.grounds()):x}
    ${e&&e!==`disclosed_in_full`?this.reasons(e):x}`}},na=/* @__PURE__ */ new Map,ra=/* @__PURE__ */ new Map;function ia(e){return{...na.get(e)}}function aa(e,t){Object.values(t).some(Boolean)?na.set(e,t):na.delete(e)}function oa(e){return ra.get(e)}function sa(e,t){t?ra.set(e,t):ra.delete(e)}function ca(e){na.delete(e),ra.delete(e)}function la(){na.clear(),ra.clear()}function ua(e){(na.size||ra.size)&&e.preventDefault()}function da(){window.addEventListener(`beforeunload`,ua),window.addEventListener(`hass-logout`,la)}var fa=/* @__PURE__ */ new Set([`add_clip`,`register_footage`,`propose`]),pa=e=>e.passages.filter(e=>e.state===`sealed`),ma=class extends P{static properties={...P.properties,shown:{attribute:!1},act:{type:String},item:{type:String},running:{type:String},failure:{type:String},typed:{state:!0},passage:{state:!0},asked:{state:!0},playing:{state:!0}};static styles=[A,o`
      .form {
        display: grid;
        gap: 16px;
      }
      .form > .row {
        justify-content: flex-end;
      }
      .paper,
      .form > li {
        border: 1px solid var(--divider-color);
        border-radius: 12px;
        padding: 12px 16px;
      }
      .paper h3 {
        margin-block-end: 8px;
      }
      .beside {
        margin-block: 8px;
      }
      /* Nothing that somebody typed, of which lines are kept. */
      .beside dd {
        white-space: normal;
      }
    `];fields=Ri();constructor(){super(),this.item=``,this.running=``,this.failure=``,this.typed={},this.passage=nr,this.asked=``,this.playing=``}willUpdate(e){e.has(`act`)&&this.begin()}draftName(){return`case/${this.shown.case}/${this.act}`}begin(){let e=ia(this.draftName());this.passage={...nr,...this.act===`add_clip`?e:{}},this.typed={...this.known(),...e},this.asked=this.shown.decision?.digest??``,this.playing=``}known(){let{decision:e,outcomes:t}=this.shown;return this.act===`propose`?e?Qi(e):{}:this.act===`conclude`&&this.decided()?{outcome:t[0]??``}:this.act===`hand_over`?this.recipient():{}}decided(){return K(this.shown,this.context.info)}hasChanged(){return this.act===`approve`&&(this.shown.decision?.digest??``)!==this.asked}recipient(){let{request:e,only_by_hand:t}=this.shown,n=t?pa(this.shown)[0]?.by_hand:null;return{recipient:e.requester??``,medium:n?.medium??``,medium_serial:n?.medium_serial??``}}setField(e,t){this.typed={...this.typed,[e]:t},aa(this.draftName(),this.typed)}setPassage(e){this.passage=e,aa(this.draftName(),ar(e)?{...e}:{})}text(e){return this.typed[e]?.trim()??``}submit(e){e.preventDefault();let t=this.fields.value?.reportValidity()!==!1;if(!H(e.target)||!t)return;let n={act:this.act,carryOut:()=>this.carryOut()};this.dispatchEvent(new CustomEvent(`submitted`,{detail:n}))}async carryOut(){let e=this.draftName(),t=await this.send();return ca(e),t}async send(){let{api:e}=this.context,{case:t}=this.shown;switch(this.act){case`release`:return e.release(t,this.typed.encrypt===`yes`);case`add_clip`:{let n=sr(this.passage);n&&await e.exportClip(t,n);break}case`register_footage`:await e.registerFootage(t,mr(this.typed),hr(this.typed));break;case`propose`:await e.proposeDecision(t,$i(this.typed),ea(this.typed));break;case`approve`:await e.approve(t,this.text(`note`),this.toApprove().map(wr),this.asked);break;case`reject`:await e.reject(t,this.text(`reason`));break;case`hand_over`:await e.handOver(t,this.text(`recipient`),this.text(`medium`),this.text(`medium_serial`));break;case`conclude`:await e.conclude(t,this.text(`outcome`),this.text(`reasons`));break;case`keep_open`:await e.keepOpen(t);break;case`purge`:await e.purge(t)}}dismiss(){this.dispatchEvent(new CustomEvent(`dismissed`))}field(e,t){return{name:e,label:un(this.context.t,e,this.decided()),required:t,value:this.typed[e]??``,setValue:t=>{this.setField(e,t)}}}textField(e,t=``){return B(this.context.t,{...this.field(e,!0),help:t})}textArea(e,t){return V(this.context.t,this.field(e,t))}questions(){let{t:e}=this.context;switch(this.act){case`add_clip`:return this.passageQuestions();case`register_footage`:return this.byHandQuestions();case`approve`:return y`${Ui(this.context,this.shown)} ${this.proposal()}
          ${this.toApprove().map(e=>this.itemToApprove(e))} ${Ji(this.context,this.watchable())}
          ${this.textArea(`note`,!1)}`;case`propose`:return this.decisionQuestions();case`reject`:return this.textArea(`reason`,!0);case`release`:return y`<fieldset class="form">
          <legend>${e(`release.form`)}</legend>
          ${this.encryptChoice(`no`)} ${this.encryptChoice(`yes`)}
        </fieldset>`;case`hand_over`:return y`${this.textField(`recipient`,dn(e,`recipient`,this.decided()))} ${this.textField(`medium`,dn(e,`medium`,this.decided()))}
        ${this.textField(`medium_serial`,e(`help.medium_serial`))}`;case`conclude`:return this.decided()?this.proposal():y`${this.outcomeChoices()} ${this.textArea(`reasons`,!0)}`;case`keep_open`:case`purge`:return x}}passageQuestions(){return y`<niiza-cctv-passage
      ${Vi(this.fields)}
      .context=${this.context}
      .typed=${this.passage}
      .caseId=${this.shown.case}
      .required=${!0}
      @typed=${e=>{this.setPassage(e.detail)}}
    ></niiza-cctv-passage>`}byHandQuestions(){return y`<niiza-cctv-by-hand
      ${Vi(this.fields)}
      .context=${this.context}
      .typed=${this.typed}
      @typed=${e=>{this.setField(...e.detail)}}
    ></niiza-cctv-by-hand>`}decisionQuestions(){return y`<niiza-cctv-decision-form
      ${Vi(this.fields)}
      .context=${this.context}
      .shown=${this.shown}
      .typed=${this.typed}
      @typed=${e=>{this.setField(...e.detail)}}
    ></niiza-cctv-decision-form>`}proposal(){let{t:e}=this.context,{decision:t}=this.shown;if(!t)return x;let n=e(t.approved_by?`decision.heading_decided`:`decision.heading`);return y`${this.hasChanged()?y`<ha-alert alert-type="warning">${e(`decision.changed`)}</ha-alert>
            <div class="row">
              <button
                type="button"
                @click=${()=>{this.asked=t.digest}}
              >
                ${e(`decision.look_again`)}
              </button>
            </div>`:x}
      <section class="paper" aria-label=${n}>
        <h3>${n}</h3>
        ${kr(this.context,t)}
      </section>`}toApprove(){if(this.shown.decision)return this.shown.release_items;let e=Cr(this.shown);return(this.item?e.filter(e=>e.item===this.item):e).slice(0,1)}watchable(){let e=this.toApprove().map(e=>e.item);return pa(this.shown).flatMap(t=>[...e.includes(t.clip)?[t]:[],...t.cuts.filter(t=>e.includes(t.cut))])}secondsMissing(){if(this.act!==`approve`)return 0;let e=this.toApprove().map(e=>e.item);return this.shown.passages.flatMap(({masks:e})=>e).filter(({mask:t})=>e.includes(t)).reduce((e,{watched:t})=>e+(t?$r(t):0),0)}itemToApprove(e){let{t}=this.context,{passages:n}=this.shown,r=n.find(t=>t.clip===e.item),i=n.find(t=>t.clip===e.clip),a=i?.cuts.find(t=>t.cut===e.item),o=i?.masks.find(t=>t.mask===e.item),s=r?.by_hand;return y`<div>
      <h3>${Tr(this.context,e)}</h3>
      ${s?y`<p class="small">${t(`by_hand.not_here`)}</p>`:x}
      ${r?Wi(this.context,r):x}
      ${Er(this.context,e,!(!s||s.sha256),!r)}
      ${a&&i?Gi(this.context,a,i):x}
      ${o?y`${Ki(this.context,o)} ${this.player(o.mask,e.camera_name)}`:x}
      ${i?Ci(this.context,i):x}
      ${o&&i?Si(this.context,i.clip,e.item):x}
    </div>`}player(e,t){let{t:n}=this.context,r=this.playing===e;return y`<div class="row">
        <button
          type="button"
          aria-expanded=${r}
          @click=${()=>{this.playing=r?``:e}}
        >
          <ha-icon icon=${r?`mdi:close`:`mdi:play-box-lock`}></ha-icon>${n(r?`watch.close`:`cut.watch`)}
        </button>
      </div>
      ${r?y`<niiza-cctv-sealed .context=${this.context} .clip=${e} .cameraName=${t} .through=${!0}></niiza-cctv-sealed>`:x}`}encryptChoice(e){return y`<label class="choice"
      ><input
        type="radio"
        name="encrypt"
        .checked=${(this.typed.encrypt??`no`)===e}
        @change=${()=>{this.setField(`encrypt`,e)}}
      />${this.context.t(e===`yes`?`release.encrypted`:`release.plain`)}</label
    >`}outcomeChoices(){let{t:e}=this.context;return y`<fieldset>
      <legend>${e(`fields.outcome`)} ${fn(e)}</legend>
      <div class="choices">
        ${this.shown.outcomes.map(t=>y`<label class="choice"
              ><input
                type="radio"
                name="outcome"
                required
                .checked=${this.typed.outcome===t}
                @change=${()=>{this.setField(`outcome`,t)}}
              />${e(`outcomes.${t}`)}</label
            >`)}
      </div>
    </fieldset>`}buttons(){let{t:e}=this.context,{act:t,running:n}=this,r=t===`release`?`release.making`:`common.working`,{packing:i}=this.shown,a=this.secondsMissing();return y`${a?y`<ha-alert alert-type="warning" id="missing"
            >${e(`approval.through`,{time:J(a)})}</ha-alert
          >`:x}
      ${t===`release`&&n===t&&i?yr(this.context,i,!0):x}
      <div class="row">
      <button type="button" class="flat" ?disabled=${!!n} @click=${this.dismiss}>${e(`common.back`)}</button>
      <button
        type="submit"
        class=${Yn.has(t)?`danger`:`main`}
        ?disabled=${!!n||this.hasChanged()||a>0}
        aria-describedby=${a?`missing`:x}
      >
        <ha-icon icon=${qn[t]}></ha-icon>
        ${n===t?e(r):this.heading()}
      </button>
    </div>`}heading(){let{decision:e}=this.shown;return Jn(this.context.t,this.act,{state:`approved`,decision:e},this.decided())}render(){let{t:e}=this.context,t=this.heading(),n=y`<form class="form" novalidate @submit=${this.submit}>
      <p>${M(e,`ask.${this.act}${this.decided()?`_decision`:``}`,e(`ask.${this.act}`))}</p>
      ${this.questions()} ${this.errorAlert(this.failure)} ${this.buttons()}
    </form>`;return fa.has(this.act)||this.act===`approve`&&this.decided()?y`<ha-card><h2>${t}</h2>${n}</ha-card>`:y`<niiza-cctv-dialog .heading=${t} @dismissed=${this.dismiss}>${n}</niiza-cctv-dialog>`}},ha=class extends F{static properties={...F.properties,cases:{state:!0},everything:{state:!0},words:{state:!0}};static styles=[A,o`
      .list {
        display: grid;
        gap: 10px;
      }
      .list a {
        background: var(--ha-card-background, var(--card-background-color));
        border: 1px solid var(--divider-color);
        border-radius: 12px;
        color: inherit;
        display: grid;
        gap: 6px 20px;
        grid-template-columns: 8.5rem minmax(0, 1fr) auto;
        padding: 14px 20px;
        text-decoration: none;
      }
      .list a:hover {
        border-color: var(--primary-color);
      }
      .number {
        font-size: 1.15rem;
        font-weight: 500;
      }
      .chips {
        align-items: flex-end;
        display: flex;
        flex-direction: column;
        gap: 6px;
      }
      .tools {
        align-items: end;
      }
      .tools .field {
        flex: 1 1 240px;
      }
      .filter {
        display: flex;
        gap: 8px;
      }
      @media (max-width: 700px) {
        .list a {
          grid-template-columns: 1fr;
        }
        .chips {
          align-items: center;
          flex-direction: row;
          flex-wrap: wrap;
        }
      }
    `];constructor(){super(),this.everything=!1,this.words=``}async read(){this.cases=await this.context.api.listCases()}shown(){let e=this.words.trim().toLowerCase();return(this.cases??[]).filter(t=>(this.everything||En.has(t.state))&&[t.case,t.document_number,t.organisation].some(t=>t.toLowerCase().includes(e)))}filter(e,t){return y`<label class="choice"
      ><input
        type="radio"
        name="filter"
        .checked=${this.everything===e}
        @change=${()=>{this.everything=e}}
      />${t}</label
    >`}chips(e){let{t,info:n}=this.context,r=En.has(e.state),i=Rn(e,n);return y`<span class="chips">
      <span class="chip ${r?``:`done`}"
        ><ha-icon icon=${Gn[i]}></ha-icon>${Kn(t,i)}</span
      >
      ${Vn(e)?y`<span class="chip turn"
            ><ha-icon icon="mdi:account-arrow-left"></ha-icon>${t(`cases.your_turn`)}</span
          >`:x}
      ${e.questions?y`<span class="chip risk"><ha-icon icon="mdi:folder-clock"></ha-icon>${t(`cases.silent`)}</span>`:x}
      ${Fn(e)?y`<span class="chip risk"
            ><ha-icon icon="mdi:alert-circle"></ha-icon>${t(`cases.failed`,{failed:e.failed})}</span
          >`:x}
      ${r?Xn(t,e.overwritten_at):x}
    </span>`}received({state:e,clips:t,sealed:n,created_by:{name:r}}){let{t:i}=this.context;return e===`purged`?i(`cases.line_purged`,{person:r}):t===0?i(`cases.line_empty`,{person:r}):i(`cases.line`,{person:r,sealed:n,clips:t})}row(e){let{t,clock:n,info:r}=this.context;return y`<li>
      <a href="${N}/case/${e.case}">
        <span>
          <span class="number">${e.case}</span><br />
          <span class="soft small">${n.date(e.created_at)}</span>
        </span>
        <span>
          <strong>${t(`kinds.${e.kind}`)}</strong><br />
          ${[e.organisation,e.document_number].filter(Boolean).join(`　`)}<br />
          <span class="soft small"
            >${this.received(e)}
            ${e.percent===null?x:y`・${t(`cases.percent`,{percent:Math.floor(e.percent)})}`}</span
          >
        </span>
        ${this.chips(e)}
        <span class="soft small" style="grid-column: 1 / -1">${t(In(e,r))}</span>
      </a>
    </li>`}tools(){let{t:e}=this.context;return y`<div class="row tools">
      <fieldset class="filter">
        <legend>${e(`cases.filter`)}</legend>
        ${this.filter(!1,e(`cases.open`))} ${this.filter(!0,e(`cases.all`))}
      </fieldset>
      <div class="field">
        <label for="words">${e(`cases.search`)}</label>
        <input
          id="words"
          type="search"
          autocomplete="off"
          .value=${this.words}
          @input=${e=>{this.words=e.target.value}}
        />
      </div>
    </div>`}render(){let{t:e,info:t}=this.context,n=this.shown(),r=t.roles.includes(`exporter`);return y`<div class="page">
      <div class="row spread">
        <h1 tabindex="-1">${e(`cases.heading`)}</h1>
        ${r?y`<a class="button main" href="${N}/new"
              ><ha-icon icon="mdi:folder-plus"></ha-icon>${e(`nav.new`)}</a
            >`:x}
      </div>
      ${this.tools()} ${this.errorAlert(this.unread)}
      <div role="status" class="soft">
        ${this.cases?e(`cases.count`,{count:n.length}):e(`common.loading`)}
      </div>
      <ul class="list" aria-label=${e(`cases.heading`)}>
        ${n.map(e=>this.row(e))}
      </ul>
      ${this.cases&&!this.cases.length?y`<ha-card><p>${e(r?`cases.none`:`cases.none_to_decide`)}</p></ha-card>`:x}
    </div>`}},ga=6e5,_a=class extends F{static properties={...F.properties,checkId:{type:String},check:{state:!0},may:{state:!0},history:{state:!0},missing:{state:!0},said:{state:!0}};static styles=[A,o`
      .page {
        max-width: 760px;
      }
      .history {
        display: grid;
      }
      .history li {
        border-block-start: 1px solid var(--divider-color);
        display: grid;
        gap: 6px;
        padding-block: 14px;
      }
      .history li:first-child {
        border: 0;
      }
      .history p {
        margin: 0;
        overflow-wrap: anywhere;
        white-space: pre-wrap;
      }
      .history .failed {
        color: var(--niiza-error-letters);
      }
      .history img {
        background: var(--divider-color);
        border-radius: 12px;
        display: block;
        inline-size: 100%;
        max-block-size: 420px;
        object-fit: contain;
      }
    `];historyOf=``;historyAt=0;constructor(){super(),this.checkId=``,this.may=!1,this.history=[],this.missing=!1,this.said=``}willUpdate(e){e.has(`checkId`)&&(this.check=void 0,this.history=[],this.historyOf=``,this.said=``,this.refresh()),super.willUpdate(e)}async read(){let e=this.checkId,{api:t}=this.context,{checks:n,may:r}=await t.checks(),i=n.find(t=>t.id===e);if(e!==this.checkId)return;this.check=i,this.missing=!i,this.may=r[e]??!1;let a=i?.last?.at??``;if(a===this.historyOf&&Date.now()-this.historyAt<ga)return;let o=a?await t.checkHistory(e):[];e===this.checkId&&(this.history=o,this.historyOf=a,this.historyAt=Date.now())}async recorded(e,t){let{t:n}=this.context;this.said=n(`checks.recorded`,{object:e.object.name,name:e.name,result:Lr(n,e.kind,t)}),await this.refresh(),await this.updateComplete,this.renderRoot.querySelector(`#said`)?.focus()}record(e,t){let{t:n,clock:r}=this.context;return y`<li>
      <div class="row spread">
        <strong class="with-icon ${t.result}"
          ><ha-icon icon=${Pr[t.result]}></ha-icon>${Lr(n,e.kind,t.result)}</strong
        >
        <span>${t.person.name}</span>
      </div>
      <time class="soft small" datetime=${t.at}>${r.at(t.at)}</time>
      ${Wr(this.context,t)}
      ${t.photo?y`<img
            src=${t.photo}
            loading="lazy"
            alt=${n(`photo.of`,{at:r.at(t.at),person:t.person.name})}
          />`:x}
    </li>`}page(e){let{t}=this.context;return y`<ha-card>
        <p>${Vr(this.context,e)}</p>
        <p>${Ur(this.context,e)}</p>
        ${this.may?y`<niiza-cctv-check-form
              .context=${this.context}
              .check=${e}
              @recorded=${t=>void this.recorded(e,t.detail)}
            ></niiza-cctv-check-form>`:y`<p class="soft">${t(`checks.not_yours`)}</p>`}
      </ha-card>
      <ha-card>
        <h2>${t(`checks.history`)}</h2>
        ${this.history.length?y`<ol class="history">
              ${this.history.map(t=>this.record(e,t))}
            </ol>`:y`<p class="soft">${t(`checks.never`)}</p>`}
      </ha-card>`}render(){let{t:e}=this.context,{check:t}=this;return y`<div class="page">
      <p><a class="with-icon" href="${N}/checks"><ha-icon icon="mdi:arrow-left"></ha-icon>${e(`checks.back`)}</a></p>
      <div>
        <h1 tabindex="-1">${t?.name??e(`checks.heading`)}</h1>
        ${t?y`<p class="with-icon"><ha-icon icon=${Nr[t.object.kind]}></ha-icon>${t.object.name}</p>`:x}
      </div>
      ${this.errorAlert(this.unread)}
      ${this.said?y`<ha-alert id="said" tabindex="-1" role="status" alert-type="success">${this.said}</ha-alert>`:x}
      ${t?this.page(t):this.missing?y`<ha-alert alert-type="info">${e(`checks.missing`)}</ha-alert>`:this.unread?x:y`<p role="status">${e(`common.loading`)}</p>`}
    </div>`}},va=1600,ya=.85,ba=2e7,xa=6e4;function Sa(e,t){let n=Math.min(1,va/Math.max(e,t));return[Math.max(1,Math.round(e*n)),Math.max(1,Math.round(t*n))]}async function Ca(e){if(!e.type.startsWith(`image/`))throw new j(`photo.no_picture`);try{let t=await createImageBitmap(e,{imageOrientation:`from-image`}),[n,r]=Sa(t.width,t.height),i=Object.assign(document.createElement(`canvas`),{width:n,height:r});i.getContext(`2d`)?.drawImage(t,0,0,n,r),t.close();let a=await new Promise(e=>{i.toBlob(e,`image/jpeg`,ya)});if(a)return a}catch{}if(e.size>ba)throw new j(`photo.too_large`);return e}async function wa(e,t,n){e.auth.expired&&await e.auth.refreshAccessToken().catch(()=>{throw new j(`photo.offline`)});let r=new FormData;return r.append(`file`,t,t.type===`image/jpeg`?`photo.jpg`:`photo`),new Promise((t,i)=>{let a=new XMLHttpRequest,o,s=()=>{clearTimeout(o),o=setTimeout(()=>{a.abort()},xa)},c=()=>{clearTimeout(o),i(new j(`photo.offline`))};a.open(`POST`,`/api/file_upload`),a.setRequestHeader(`Authorization`,`Bearer ${e.auth.accessToken}`),a.upload.addEventListener(`progress`,({loaded:e,total:t})=>{s(),n(t?Math.round(e/t*100):0)}),a.addEventListener(`error`,c),a.addEventListener(`abort`,c),a.addEventListener(`load`,()=>{clearTimeout(o);let e=Ta(a.responseText);a.status===200&&e?t(e):i(new j(a.status===413?`photo.too_large`:`photo.refused`,{status:a.status}))}),s(),a.send(r)})}function Ta(e){try{let{file_id:t}=JSON.parse(e);return typeof t==`string`?t:``}catch{return``}}async function Ea(e,t){await e.fetchWithAuth(`/api/file_upload`,{method:`DELETE`,headers:{"Content-Type":`application/json`},body:JSON.stringify({file_id:t})}).catch(()=>void 0)}var Da=class extends P{static properties={...P.properties,check:{attribute:!1},typed:{state:!0},taken:{state:!0},percent:{state:!0}};static styles=[A,o`
      .look-at {
        background: color-mix(in srgb, var(--primary-color) 8%, transparent);
        border-radius: 12px;
        display: flex;
        gap: 16px;
        padding: 12px 16px;
      }
      .look-at ha-icon {
        --mdc-icon-size: 48px;
      }
      .look-at ol {
        list-style: decimal;
        padding-inline-start: 1.4em;
      }
      form {
        display: grid;
        gap: 16px;
      }
      .results {
        display: grid;
        gap: 8px;
        grid-template-columns: 1fr 1fr;
      }
      legend {
        /* Heard, not seen: there may be twenty of them below each other. */
        block-size: 1px;
        clip-path: inset(50%);
        inline-size: 1px;
        margin: 0;
        overflow: hidden;
        position: absolute;
        white-space: nowrap;
      }
      .results .choice {
        gap: 7px;
        min-block-size: 60px;
        padding-inline: 9px;
      }
      .results .choice.failed:has(:checked) {
        border-color: var(--error-color);
        box-shadow: inset 0 0 0 1px var(--error-color);
      }
      .camera {
        inline-size: 100%;
        position: relative;
      }
      .camera:focus-within {
        outline: 3px solid var(--niiza-primary-letters);
        outline-offset: 2px;
      }
      /* There for keyboards and screen readers; what is seen is its label. */
      .camera input:not([type="radio"], [type="checkbox"]) {
        block-size: 100%;
        cursor: pointer;
        inset: 0;
        min-block-size: 0;
        opacity: 0;
        padding: 0;
        position: absolute;
      }
      figure {
        display: grid;
        gap: 8px;
        margin: 0;
      }
      figure img {
        background: var(--divider-color);
        border-radius: 12px;
        display: block;
        inline-size: 100%;
        max-block-size: 320px;
        object-fit: contain;
      }
      button[type="submit"] {
        inline-size: 100%;
        min-block-size: 56px;
      }
      button.failed,
      button.failed:hover:not(:disabled) {
        background: var(--niiza-error-surface);
        border-color: var(--niiza-error-surface);
        color: #fff;
      }
    `];shownAs=``;checkId=``;constructor(){super(),this.typed={},this.percent=0}disconnectedCallback(){super.disconnectedCallback(),this.unshow()}willUpdate(e){e.has(`check`)&&this.check.id!==this.checkId&&(this.checkId=this.check.id,this.typed=ia(this.draftName()),this.taken=oa(this.draftName()))}draftName(){return`check/${this.checkId}`}unshow(){this.shownAs&&URL.revokeObjectURL(this.shownAs),this.shownAs=``}setField(e,t){this.typed={...this.typed,[e]:t},aa(this.draftName(),this.typed)}setPhoto(e){this.unshow(),this.taken=e,sa(this.draftName(),e)}async choosePhoto(e){let t=e.target,n=t.files?.[0];t.value=``,n&&await this.attempt(`photo`,async()=>{this.setPhoto(await Ca(n))})}discard(){ca(this.draftName()),this.typed={},this.setPhoto(void 0),this.error=``}async submit(e){if(e.preventDefault(),!H(e.target))return;let{check:t,taken:n,typed:r}=this,{api:i,hass:a}=this.context,o=r.result,s=Object.fromEntries([`note`,...t.fields].map(e=>[e,r[e]?.trim()]));this.percent=0,await this.attempt(`send`,async()=>{let e=n&&await wa(a,n,e=>this.percent=e);try{await i.recordCheck(t.id,o,s,e)}catch(t){throw e&&await Ea(a,e),t}})?(this.discard(),this.dispatchEvent(new CustomEvent(`recorded`,{detail:o}))):this.renderRoot.querySelector(`ha-alert`)?.scrollIntoView({block:`nearest`})}choice(e){let{t}=this.context;return y`<label class="choice ${e}"
      ><input
        type="radio"
        name="result"
        .checked=${this.typed.result===e}
        ?disabled=${this.busy===`send`}
        @change=${()=>{this.setField(`result`,e)}}
      /><ha-icon icon=${Pr[e]}></ha-icon>${Lr(t,this.check.kind,e)}</label
    >`}photo(){let{t:e}=this.context,{taken:t}=this;return t&&!this.shownAs&&(this.shownAs=URL.createObjectURL(t)),y`<figure>
      ${t?y`<img src=${this.shownAs} alt=${e(`photo.taken`,{size:Math.ceil(t.size/1e3)})} />`:x}
      ${this.cameraButton()} ${t?this.removeButton():x}
      <span class="soft small" id="photo-help">${e(this.check.photo?`photo.wanted`:`photo.optional`)}</span>
    </figure>`}cameraButton(){let{t:e}=this.context,t=e(this.busy===`photo`?`common.working`:this.taken?`photo.again`:`photo.take`);return y`<div class="button camera">
      <ha-icon icon="mdi:camera"></ha-icon>${t}
      <input
        type="file"
        accept="image/*"
        capture="environment"
        aria-label=${t}
        aria-describedby="photo-help"
        ?disabled=${!!this.busy}
        @change=${this.choosePhoto}
      />
    </div>`}removeButton(){return y`<button
      type="button"
      class="flat"
      ?disabled=${!!this.busy}
      @click=${()=>{this.setPhoto(void 0)}}
    >
      <ha-icon icon="mdi:image-remove"></ha-icon>${this.context.t(`photo.remove`)}
    </button>`}field(e){return{name:e,label:M(this.context.t,`fields.${e}`,e),disabled:this.busy===`send`,value:this.typed[e]??``,setValue:t=>{this.setField(e,t)}}}textField(e){let{t}=this.context;return B(t,{...this.field(e),help:M(t,`help.${e}`,``)})}note(e){let{t}=this.context;return V(t,{...this.field(`note`),required:e,help:e?t(`checks.note_help`):``})}progress(){let{t:e}=this.context,{percent:t}=this;return this.busy!==`send`||!this.taken?x:y`<div>
      <progress max="100" .value=${t} aria-label=${e(`photo.sending`)}>${t}%</progress>
      <p class="small" role="status">${e(`photo.sent`,{percent:t})}</p>
    </div>`}sendWords(e){return this.busy===`send`?`common.working`:this.error&&!this.refused?`checks.send_again`:e?`checks.send_failed`:`checks.send_passed`}rest(e){let{t}=this.context,n=e===`failed`;return y`
      ${this.photo()} ${this.check.fields.map(e=>this.textField(e))} ${this.note(n)}
      ${this.progress()} ${this.errorAlert()}
      <div>
        <button type="submit" class=${n?`failed`:`main`} ?disabled=${!!this.busy}>
          <ha-icon icon=${Pr[e]}></ha-icon>${t(this.sendWords(n))}
        </button>
        <button type="button" class="flat" ?disabled=${!!this.busy} @click=${this.discard}>
          ${t(`common.back`)}
        </button>
      </div>
    `}render(){let{t:e}=this.context,t=this.typed.result;return y`<form novalidate @submit=${this.submit}>
      ${Br(this.context,this.check)}
      <fieldset>
        <legend>${e(`checks.result`,{name:this.check.name,object:this.check.object.name})}</legend>
        <div class="results">${this.choice(`passed`)} ${this.choice(`failed`)}</div>
      </fieldset>
      ${t?this.rest(t):x}
    </form>`}},Oa=class extends F{static properties={...F.properties,known:{state:!0},said:{state:!0},opened:{state:!0}};static styles=[A,o`
      .page {
        max-width: 760px;
      }
      section {
        display: grid;
        gap: 12px;
      }
      section > h2 {
        margin-block: 8px 0;
      }
      ha-card h3 {
        font-size: 1.15rem;
      }
      li {
        border-block-start: 1px solid var(--divider-color);
        display: grid;
        gap: 10px;
        padding-block: 14px;
      }
      ha-card h3 + ul {
        margin-block-start: 12px;
      }
      li:last-child {
        padding-block-end: 0;
      }
      .look {
        align-items: center;
        color: inherit;
        display: flex;
        gap: 8px;
        justify-content: space-between;
        min-block-size: 48px;
        text-decoration: none;
      }
      .look strong {
        font-weight: 500;
        text-decoration: underline;
        text-decoration-color: var(--divider-color);
        text-underline-offset: 4px;
      }
      .chip {
        flex: none;
      }
    `];constructor(){super(),this.said=``}async read(){this.known=await this.context.api.checks()}async recorded(e,t){let{t:n}=this.context;this.said=n(`checks.recorded`,{object:e.object.name,name:e.name,result:Lr(n,e.kind,t)}),this.opened=void 0,await this.refresh(),await this.updateComplete,this.renderRoot.querySelector(`#said`)?.focus()}row(e){return y`<li>
      <div>
        <a class="look" href="${N}/check/${encodeURIComponent(e.id)}"
          ><strong>${e.name}</strong>${Vr(this.context,e)}</a
        >
        ${Ur(this.context,e)}
      </div>
    </li>`}dueRow(e,t){let{t:n}=this.context,{object:r}=e;return y`<li>
      <div>
        <a class="look" href="${N}/check/${encodeURIComponent(e.id)}"
          ><span
            ><span class="with-icon"><ha-icon icon=${Nr[r.kind]}></ha-icon>${r.name}</span>
            <strong>${e.name}</strong></span
          >${Vr(this.context,e)}</a
        >
        ${Ur(this.context,e)}
      </div>
      ${this.known?.may[e.id]?y`<div>
              <button
                aria-expanded=${t}
                @click=${()=>{this.opened=t?null:e.id}}
              >
                <ha-icon icon=${t?`mdi:chevron-up`:`mdi:chevron-down`}></ha-icon>
                ${n(t?`checks.close`:`checks.look`)}
              </button>
            </div>
            ${t?this.form(e):x}`:x}
    </li>`}worklist(e){let{t}=this.context;if(!e.length)return x;let n=this.opened===void 0?e.find(e=>this.known?.may[e.id])?.id:this.opened;return y`<section aria-label=${t(`checks.due`)}>
      <h2>${t(`checks.due`)}</h2>
      <ha-card>
        <ul>
          ${yn(e,e=>e.id,e=>this.dueRow(e,e.id===n))}
        </ul>
      </ha-card>
    </section>`}form(e){return y`<niiza-cctv-check-form
      .context=${this.context}
      .check=${e}
      @recorded=${t=>void this.recorded(e,t.detail)}
    ></niiza-cctv-check-form>`}group(e,t){return t.length?y`<section aria-label=${e}>
      <h2>${e}</h2>
      ${Rr(t).map(({object:e,checks:t})=>y`<ha-card>
            <h3 class="with-icon"><ha-icon icon=${Nr[e.kind]}></ha-icon>${e.name}</h3>
            <ul>
              ${yn(t,e=>e.id,e=>this.row(e))}
            </ul>
          </ha-card>`)}
    </section>`:x}render(){let{t:e}=this.context,t=this.known?.checks??[],n=t.filter(e=>e.due);return y`<div class="page">
      <h1 tabindex="-1">${e(`checks.heading`)}</h1>
      ${this.errorAlert(this.unread)}
      <p role="status" class=${n.length?``:`soft`}>
        ${this.known?n.length?e(`checks.count`,{count:n.length}):e(`checks.all_done`):e(`common.loading`)}
      </p>
      ${this.said?y`<ha-alert id="said" tabindex="-1" role="status" alert-type="success">${this.said}</ha-alert>`:x}
      ${this.worklist(zr(n))}
      ${this.group(e(`checks.later`),t.filter(e=>!e.due))}
    </div>`}};async function ka(){if(customElements.get(`ha-hls-player`))return!0;let e=window.loadCardHelpers;return(await e?.())?.createCardElement({type:`picture-entity`,entity:`camera.none`}),Promise.race([customElements.whenDefined(`ha-hls-player`).then(()=>!0),new Promise(e=>setTimeout(e,5e3,!1))])}var Aa=`#EXT-X-NIIZA-KEYS:`;function ja(e){let t=[],n=0,r=0,i=NaN;for(let a of e.split(/\r?\n/))a.startsWith(`#EXT-X-PROGRAM-DATE-TIME:`)?i=Date.parse(a.slice(25)):a.startsWith(`#EXTINF:`)?r=parseFloat(a.slice(8)):a&&!a.startsWith(`#`)&&(Number.isNaN(i)||t.push({offset:n,length:r,at:i}),n+=r,i+=r*1e3);return t}function Ma(e){let t=[],n=[],r=0,i=0;for(let a of e.split(/\r?\n/))a.startsWith(`#EXTINF:`)?i=parseFloat(a.slice(8)):a.startsWith(Aa)?t.push(...a.slice(18).split(`,`).map(e=>r+Number(e))):a&&!a.startsWith(`#`)&&(n.push(r),r+=i);return t.length?t:n}function Na(e,t){let n=e.findLast(e=>e.offset<=t)??e[0];return n?new Date(n.at+(t-n.offset)*1e3):null}function Pa(e,t){let n=t.getTime();for(let t of e){if(n<t.at)return t.offset;if(n<t.at+t.length*1e3)return t.offset+(n-t.at)/1e3}let r=e.at(-1);return r?r.offset+r.length:0}function Fa(e,t){let n=t.getTime();return e.some(e=>e.at<=n&&n<e.at+e.length*1e3)}var Ia=`application/vnd.apple.mpegurl`,La=[-60,-10,-1,1,10,60],Ra=[.25,.5,1,2,4,8,16],za=500,Ba=.5,Va=.002,Ha=`input:not([type=range]), select, textarea`,Q=class extends P{static properties={...P.properties,cameraName:{type:String},path:{state:!0},gaps:{state:!0},at:{state:!0},now:{state:!0},playing:{state:!0},fallback:{state:!0},full:{state:!0},speed:{state:!0},wanted:{state:!0},said:{state:!0},pictureLength:{state:!0}};static styles=[A,o`
      :host {
        display: grid;
        gap: 12px;
      }
      .screen {
        background: #000;
        border-radius: 12px;
        display: grid;
        grid-template-rows: minmax(0, 1fr) auto;
        overflow: hidden;
      }
      .picture {
        aspect-ratio: 16 / 9;
        inline-size: 100%;
        max-block-size: 70vh;
        overflow: hidden;
        position: relative;
      }
      .screen:fullscreen .picture {
        aspect-ratio: auto;
        block-size: 100%;
        max-block-size: none;
      }
      video,
      ha-hls-player {
        block-size: 100%;
        display: block;
        inline-size: 100%;
        object-fit: contain;
      }
      .strip {
        align-items: center;
        background: #111;
        color: #fff;
        display: flex;
        gap: 4px 12px;
        padding: 4px 8px;
      }
      .strip button {
        border-color: transparent;
        color: inherit;
        min-inline-size: 48px;
        padding: 0;
      }
      .screen:focus {
        outline: none;
      }
      .strip input {
        accent-color: var(--niiza-primary-surface);
        flex: 1;
        min-block-size: 48px;
        min-inline-size: 0;
      }
      .time {
        font-size: 1.3rem;
        font-variant-numeric: tabular-nums;
        font-weight: 500;
      }
      .jumps button {
        min-inline-size: 64px;
        padding-inline: 10px;
      }
      .timeline {
        cursor: pointer;
        /* As high as a finger is wide. */
        padding-block: 14px;
        touch-action: manipulation;
      }
      select,
      #moment {
        inline-size: auto;
      }
      .keys summary {
        cursor: pointer;
        min-block-size: 40px;
      }
      kbd {
        border: 1px solid var(--divider-color);
        border-radius: 4px;
        font: inherit;
        padding-inline: 6px;
      }
    `];keys=[];picture;moments=[];openedFor=``;looking;constructor(){super(),this.path=``,this.gaps=[],this.at=null,this.now=/* @__PURE__ */ new Date,this.playing=!1,this.fallback=!1,this.full=!1,this.speed=1,this.wanted=``,this.said=``,this.pictureLength=null,this.addEventListener(`keydown`,this.pressed)}connectedCallback(){super.connectedCallback(),this.looking=setInterval(this.look,za)}disconnectedCallback(){clearInterval(this.looking),super.disconnectedCallback()}willUpdate(){let e=this.subject();e!==this.openedFor&&(this.openedFor=e,this.open())}async open(){this.path=``,this.at=null,this.said=``,await this.attempt(`open`,async()=>{let{url:e,codec:t,gaps:n,picture:r}=await this.source();if(this.pictureLength=r,t&&!Ua(t))throw new j(this.unplayable());let i=await fetch(e);if(!i.ok)throw new j(`watch.refused`,{status:i.status});let a=await i.text();if(this.moments=ja(a),this.keys=Ma(a),!document.createElement(`video`).canPlayType(Ia)&&(this.fallback=await ka(),!this.fallback))throw new j(`watch.no_hls`);this.gaps=n,this.path=e,await this.updateComplete,this.follow(),this.scrollIntoView({block:`nearest`})})}broken(e){this.error=this.context.t(this.brokenWords(e.target.error?.code))}video(){let e=this.renderRoot.querySelector(`video, ha-hls-player`);return e instanceof HTMLVideoElement?e:e?.shadowRoot?.querySelector(`video`)??null}look=()=>{this.path&&(this.now=/* @__PURE__ */ new Date,this.moved())};moved(){let e=this.video();e&&(e.disablePictureInPicture=!0,e.disableRemotePlayback=!0,this.playing=!e.paused,e.playbackRate!==this.speed&&this.setRate(this.speed),this.at=Na(this.moments,this.position(e)),this.looked())}looked(){}position(e){let{picture:t}=this;return t?.of===e&&Math.abs(t.time-e.currentTime)<1&&!e.seeking?t.time:e.currentTime}follow(){let e=this.video();if(!e||!(`requestVideoFrameCallback`in e))return;let t=(n,{mediaTime:r})=>{this.picture={of:e,time:r},e.paused&&this.moved(),e.requestVideoFrameCallback(t)};e.requestVideoFrameCallback(t)}jump(e){let t=this.video();t&&this.seek(Math.max(0,t.currentTime+e))}toKey(e){let t=this.video();if(!t)return;let n=this.position(t),r=t.paused?2*Va:Ba,i=e?this.keys.find(e=>e>n+2*Va):this.keys.findLast(e=>e<n-r);i!==void 0&&this.seek(i+Va)}toPicture(e){let t=this.video(),{pictureLength:n}=this;if(!t||n===null)return;let r=t.paused;t.pause();let i=this.position(t),a=Math.max(0,i+(e?n:-n));this.seek(a+Va),e&&r&&this.stepped(i,Math.min(a,this.length()))}goTo(e){e.preventDefault();let{t,clock:n}=this.context,r=this.renderRoot.querySelector(`#moment`)?.value??``,i=n.moment(r);if(this.wanted=``,!i)return;let a=Pa(this.moments,i);this.seek(a+Va);let o=Na(this.moments,a);this.said=Fa(this.moments,i)||!o?``:t(`watch.no_picture_then`,{wanted:n.at(i),shown:n.at(o)})}toggle(){let e=this.video();e&&(e.paused?e.play():e.pause(),this.playing=!e.paused)}seek(e){let t=this.video();t&&(this.said=``,this.left(),t.currentTime=e)}left(){}point(e){let t=e.currentTarget.getBoundingClientRect();if(!t.width)return;let{start:n,end:r}=this.span(),i=new Date(n).getTime(),a=new Date(r).getTime(),o=new Date(i+(a-i)*(e.clientX-t.left)/t.width);this.seek(Pa(this.moments,o))}setSpeed(e){this.video()&&(this.moved(),this.said=``,this.setRate(e))}setRate(e){let t=this.video();if(!t)return;let n=t.playbackRate;try{t.playbackRate=e}catch{t.playbackRate=n}this.speed=t.playbackRate,this.speed!==e&&(this.said=this.context.t(`watch.speed_refused`,{speed:e}))}faster(e){let t=Ra[Ra.indexOf(this.speed)+e];t!==void 0&&this.setSpeed(t)}shortcut(e,t){switch(e){case` `:case`k`:return this.toggle.bind(this);case`ArrowLeft`:return this.jump.bind(this,t?-60:-10);case`ArrowRight`:return this.jump.bind(this,t?60:10);case`Home`:return this.seek.bind(this,0);case`End`:return this.seek.bind(this,Math.max(0,this.length()-1));case`,`:case`.`:return this.toKey.bind(this,e===`.`);case`[`:case`]`:return this.toPicture.bind(this,e===`]`);case`-`:case`+`:return this.faster.bind(this,e===`+`?1:-1);case`f`:return document.fullscreenEnabled?this.toggleFull.bind(this):void 0;default:return}}pressed=e=>{let[t]=e.composedPath();if(!this.path||e.ctrlKey||e.metaKey||e.altKey||!(t instanceof HTMLElement)||t.matches(Ha)||e.key===` `&&t.matches(`button, summary`))return;let n=this.shortcut(e.key,e.shiftKey);n&&(e.preventDefault(),e.stopPropagation(),n())};length(){let e=this.moments.at(-1);return e?e.offset+e.length:0}toggleFull(){document.fullscreenElement?document.exitFullscreen():this.renderRoot.querySelector(`.screen`)?.requestFullscreen()}controls(){return x}marked(){}keysShown(){return[[`Space / K`,`watch.key_play`],[`← / →`,`watch.key_ten`],[`Shift + ← / →`,`watch.key_minute`],[`, / .`,`watch.key_key`],[`[ / ]`,`watch.key_picture`],[`- / +`,`watch.key_speed`],[`Home / End`,`watch.key_ends`],[`F`,`watch.key_full`]]}pictureShown(){return this.fallback?y`<ha-hls-player
          .hass=${this.context.hass}
          .url=${this.path}
          .controls=${!1}
          .muted=${!0}
          .playsInline=${!0}
          .autoPlay=${!0}
        ></ha-hls-player>`:y`<video
          src=${this.path}
          autoplay
          muted
          playsinline
          disablepictureinpicture
          disableremoteplayback
          controlslist="nodownload nofullscreen noremoteplayback"
          aria-label=${this.label()}
          @timeupdate=${this.moved}
          @seeked=${this.moved}
          @play=${this.moved}
          @pause=${this.moved}
          @ended=${this.moved}
          @error=${this.broken}
        ></video>`}screen(){let{clock:e,info:t}=this.context;return y`<div
      class="screen"
      tabindex="-1"
      @fullscreenchange=${()=>{this.full=document.fullscreenElement!==null}}
    >
      <div
        class="picture"
        @contextmenu=${e=>{e.preventDefault()}}
      >
        ${this.pictureShown()}
        <niiza-cctv-overlay
          .text=${`${t.user.name} ${e.at(this.now)}`}
          .seconds=${Math.floor(this.now.getTime()/1e3)}
        ></niiza-cctv-overlay>
      </div>
      ${this.strip()}
    </div>`}strip(){let{t:e,clock:t}=this.context;return y`<div class="strip">
      <button type="button" aria-label=${e(this.playing?`watch.pause`:`watch.play`)} @click=${this.toggle}>
        <ha-icon icon=${this.playing?`mdi:pause`:`mdi:play`}></ha-icon>
      </button>
      <input
        type="range"
        min="0"
        max=${this.length()}
        step="any"
        aria-label=${e(`watch.position`)}
        aria-valuetext=${this.at?t.at(this.at):`–`}
        .value=${String(this.video()?.currentTime??0)}
        @input=${e=>{this.seek(Number(e.target.value))}}
      />
      ${document.fullscreenEnabled?y`<button
            type="button"
            aria-label=${e(this.full?`watch.leave_full`:`watch.full`)}
            @click=${this.toggleFull}
          >
            <ha-icon icon=${this.full?`mdi:fullscreen-exit`:`mdi:fullscreen`}></ha-icon>
          </button>`:x}
    </div>`}timeAndSpeed(){let{t:e,clock:t}=this.context;return y`<div class="row spread">
      <span class="time" aria-label=${e(`watch.clock`)} role="timer">${this.at?t.tenths(this.at):`–`}</span>
      <span class="row">
        <label for="speed">${e(`watch.speed`)}</label>
        <select
          id="speed"
          @change=${e=>{this.setSpeed(Number(e.target.value))}}
        >
          ${Ra.map(e=>y`<option value=${e} ?selected=${e===this.speed}>×${e}</option>`)}
        </select>
      </span>
    </div>`}keyButton(e){let t=this.context.t(e?`watch.next_key`:`watch.last_key`);return y`<button
      type="button"
      aria-label=${t}
      title=${t}
      @click=${()=>{this.toKey(e)}}
    >
      <ha-icon icon=${e?`mdi:skip-next`:`mdi:skip-previous`}></ha-icon>
    </button>`}pictureButton(e){if(this.pictureLength===null)return x;let t=this.context.t(e?`watch.next_picture`:`watch.last_picture`);return y`<button
      type="button"
      aria-label=${t}
      title=${t}
      @click=${()=>{this.toPicture(e)}}
    >
      <ha-icon icon=${e?`mdi:chevron-right`:`mdi:chevron-left`}></ha-icon>
    </button>`}goToForm(){let{t:e,clock:t}=this.context,{start:n,end:r}=this.span();return y`<form class="row" @submit=${this.goTo}>
      <label for="moment">${e(`watch.go_to`)}</label>
      <input
        id="moment"
        type="datetime-local"
        step="1"
        min=${t.field(n)}
        max=${t.field(r)}
        .value=${this.wanted||(this.at?t.field(this.at):``)}
        @input=${e=>{this.wanted=e.target.value}}
      />
      <button type="submit" formnovalidate>${e(`watch.go`)}</button>
    </form>`}keysHelp(){let{t:e}=this.context;return y`<details class="keys small">
      <summary>${e(`watch.keys`)}</summary>
      <dl>
        ${this.keysShown().map(([t,n])=>y`<dt><kbd>${t}</kbd></dt>
              <dd>${e(n)}</dd>`)}
      </dl>
    </details>`}jumpButton(e){let{t}=this.context,n=e<0?`−`:`+`,r=Math.abs(e);return y`<button
      type="button"
      @click=${()=>{this.jump(e)}}
    >
      ${r<60?t(`watch.seconds`,{seconds:`${n}${r}`}):t(`watch.minutes`,{minutes:`${n}${r/60}`})}
    </button>`}below(){let{t:e}=this.context;return y`
      <div class="timeline" @pointerdown=${this.point}>
        ${Zn(e,this.span(),this.gaps,this.at?.toISOString(),this.marked())}
      </div>
      ${this.timeAndSpeed()}
      <div class="row jumps" role="group" aria-label=${e(`watch.jump`)}>
        ${this.keyButton(!1)} ${this.pictureButton(!1)} ${La.map(e=>this.jumpButton(e))}
        ${this.pictureButton(!0)} ${this.keyButton(!0)}
      </div>
      ${this.goToForm()}
      <div class="small" role="status">${this.said}</div>
      ${this.controls()} ${this.keysHelp()}
    `}render(){let{t:e}=this.context;return y`
      <p class="small soft">${e(`watch.recorded`)}</p>
      ${this.busy?y`<p role="status">${e(`common.loading`)}</p>`:x}
      ${this.errorAlert()}
      ${this.error&&!this.refused?y`<p><button type="button" @click=${()=>void this.open()}>${e(`common.again`)}</button></p>`:x}
      ${this.path?y`${this.screen()}${this.below()}`:x}
    `}};function Ua(e){return e!==`hevc`||document.createElement(`video`).canPlayType(`video/mp4; codecs="hvc1.1.6.L93.B0"`)!==``}var Wa=[`requester`,`representative`],Ga=class extends Q{static properties={...Q.properties,opened:{attribute:!1}};static styles=[...Q.styles,o`
      .end {
        font-size: 1.3rem;
        min-block-size: 64px;
      }
    `];subject(){return String(this.opened.showing)}source(){return Promise.resolve(this.opened)}span(){return this.opened}label(){return this.context.t(`counter.label`,{camera:this.cameraName})}unplayable(){return`watch.cannot_play_sealed`}brokenWords(){return`counter.broken`}stepped(){}controls(){return y`<button
      type="button"
      class="danger end"
      @click=${()=>{this.dispatchEvent(new CustomEvent(`ended`))}}
    >
      <ha-icon icon="mdi:stop-circle"></ha-icon>${this.context.t(`counter.end`)}
    </button>`}},Ka=class extends P{static properties={...P.properties,mask:{type:String},cameraName:{type:String},opened:{state:!0},shownTo:{state:!0},present:{state:!0}};static styles=[A,o`
      form {
        display: grid;
        gap: 16px;
      }
      form > .row {
        justify-content: flex-end;
      }
      dialog {
        background: var(--card-background-color);
        block-size: 100dvh;
        border: 0;
        box-sizing: border-box;
        color: inherit;
        inline-size: 100vw;
        max-block-size: none;
        max-inline-size: none;
        overflow: auto;
        padding: 16px;
      }
    `];constructor(){super(),this.shownTo=``,this.present=``}disconnectedCallback(){super.disconnectedCallback(),this.end()}updated(e){super.updated(e);let t=this.renderRoot.querySelector(`dialog`);t&&!t.open&&t.showModal()}async submit(e){if(e.preventDefault(),!e.target.reportValidity()||!H(this.renderRoot,{}))return;let{shownTo:t,present:n}=this;t&&await this.attempt(`open`,async()=>{this.opened=await this.context.api.openCounter(this.mask,t,n.trim())})}async end(){let{opened:e}=this;this.opened=void 0,e&&await this.context.api.endCounter(e.showing).catch(()=>void 0)}async dismiss(){await this.end(),this.dispatchEvent(new CustomEvent(`dismissed`))}form(){let{t:e}=this.context;return y`<niiza-cctv-dialog .heading=${e(`counter.heading`,{mask:this.mask})} @dismissed=${()=>void this.dismiss()}>
      <form @submit=${e=>void this.submit(e)}>
        <p>${e(`counter.recorded`)}</p>
        <fieldset>
          <legend>${e(`counter.shown_to`)} ${fn(e)}</legend>
          <div class="choices">
            ${Wa.map(t=>y`<label class="choice"
                  ><input
                    type="radio"
                    name="shown_to"
                    required
                    .checked=${this.shownTo===t}
                    @change=${()=>{this.shownTo=t}}
                  />${e(`counter.${t}`)}</label
                >`)}
          </div>
        </fieldset>
        ${V(e,{name:`present`,label:e(`fields.present`),required:!0,value:this.present,setValue:e=>{this.present=e,U(this.renderRoot)}})}
        ${this.errorAlert()}
        <div class="row">
          <button type="button" class="flat" ?disabled=${!!this.busy} @click=${()=>void this.dismiss()}>
            ${e(`common.back`)}
          </button>
          <button type="submit" class="main" ?disabled=${!!this.busy}>
            <ha-icon icon="mdi:monitor-eye"></ha-icon>${e(this.busy?`common.working`:`counter.begin`)}
          </button>
        </div>
      </form>
    </niiza-cctv-dialog>`}render(){return this.opened?y`<dialog aria-label=${this.context.t(`counter.heading`,{mask:this.mask})} @close=${()=>void this.dismiss()}>
      <niiza-cctv-counter
        .context=${this.context}
        .opened=${this.opened}
        .cameraName=${this.cameraName}
        @ended=${()=>void this.dismiss()}
      ></niiza-cctv-counter>
    </dialog>`:this.form()}},qa=class extends P{static properties={...P.properties,marked:{attribute:!1},running:{type:String},failure:{type:String},typed:{state:!0},anew:{state:!0}};static styles=[A,o`
      form {
        display: grid;
        gap: 16px;
      }
      .row {
        justify-content: flex-end;
      }
    `];constructor(){super(),this.running=``,this.failure=``,this.typed={},this.anew=!1}moment(e){let t=this.typed[e];return t===void 0?this.marked[e]:q(t)}shown(e){return this.typed[e]??this.context.clock.field(this.marked[e])}submit(e){e.preventDefault();let{t,api:n}=this.context,r=q(this.shown(`start`))>q(this.shown(`end`));if(!H(this.renderRoot,r?{"#end":t(`cut.end_first`)}:{}))return;let[i,a]=[this.moment(`start`),this.moment(`end`)];this.dispatchEvent(new CustomEvent(`submitted`,{detail:{name:`cut_clip`,run:()=>n.cutClip(this.marked.clip,i,a,this.anew)}}))}dismiss(){this.dispatchEvent(new CustomEvent(`dismissed`))}field(e){return B(this.context.t,{name:e,label:this.context.t(`cut.${e}`),type:`datetime-local`,required:!0,value:this.shown(e),setValue:t=>{this.typed={...this.typed,[e]:t},U(this.renderRoot)}})}render(){let{t:e}=this.context;return y`<niiza-cctv-dialog .heading=${e(`cut.heading`,{clip:this.marked.clip})} @dismissed=${this.dismiss}>
      <form novalidate @submit=${this.submit}>
        <p>${e(`cut.help`)}</p>
        ${this.field(`start`)} ${this.field(`end`)}
        <label class="choice"
          ><input
            type="checkbox"
            .checked=${this.anew}
            @change=${e=>{this.anew=e.target.checked}}
          />${e(`cut.anew`)}</label
        >
        ${this.errorAlert(this.failure)}
        <div class="row">
          <button type="button" class="flat" ?disabled=${!!this.running} @click=${this.dismiss}>
            ${e(`common.back`)}
          </button>
          <button type="submit" class="main" ?disabled=${!!this.running}>
            <ha-icon icon="mdi:content-cut"></ha-icon>${e(this.running===`cut_clip`?`common.working`:`cut.cut`)}
          </button>
        </div>
      </form>
    </niiza-cctv-dialog>`}};function Ja(e){let{activeElement:t}=e;return t?.shadowRoot?.activeElement?Ja(t.shadowRoot):t instanceof HTMLElement?t:void 0}var Ya=class extends w{static properties={heading:{type:String}};static styles=[A,o`
      dialog {
        background: var(--card-background-color);
        border: 1px solid var(--divider-color);
        border-radius: 16px;
        color: inherit;
        inline-size: min(600px, calc(100vw - 32px));
        max-block-size: calc(100dvh - 48px);
        overflow: auto;
        padding: 24px;
      }
      dialog::backdrop {
        background: rgb(0 0 0 / 55%);
      }
    `];from;disconnectedCallback(){super.disconnectedCallback(),this.from?.isConnected&&this.from.focus()}firstUpdated(){this.from=Ja(document),this.renderRoot.querySelector(`dialog`)?.showModal()}closed(){this.dispatchEvent(new CustomEvent(`dismissed`))}render(){return y`<dialog aria-labelledby="heading" @close=${this.closed}>
      <h2 id="heading">${this.heading}</h2>
      <slot></slot>
    </dialog>`}},Xa=class extends F{static properties={...F.properties,verified:{state:!0},verifiedAt:{state:!0},link:{state:!0},entries:{state:!0},folders:{state:!0}};static styles=[A,o`
      .entries {
        list-style: none;
        margin: 0 0 16px;
        padding: 0;
      }
      .entries li {
        padding: 8px 0;
        border-bottom: 1px solid var(--divider-color);
      }
      .entries .row {
        gap: 0 12px;
      }
      .entries li.refused strong {
        color: var(--niiza-error-letters);
      }
    `];constructor(){super(),this.entries=[],this.folders=[]}async read(){let{entries:e,folders:t}=await this.context.api.ledgerPage(),n=e.at(-1)?.number??0;this.folders=t,this.entries=[...e,...this.entries.filter(e=>e.number<n)]}async older(){await this.attempt(`older`,async()=>{let e=this.entries.at(-1)?.number;e!==void 0&&(this.entries=[...this.entries,...(await this.context.api.ledgerPage(e)).entries])})}entry(e){let{t,clock:n}=this.context,r=e.details.passage;return y`<li class=${e.action===`refused`?`refused`:``}>
      <div class="row">
        <strong class="with-icon"
          >${e.action===`refused`?y`<ha-icon icon="mdi:cancel"></ha-icon>`:x}${M(t,`history.${e.action}`,e.action)}</strong
        >
        <span>${e.person?.name??t(`history.nobody`)}</span>
        ${e.case?y`<a href="${N}/case/${e.case}">${e.case}</a>`:y`<span>${e.camera??``}</span>`}
      </div>
      <div class="soft small">${e.number} · <time datetime=${e.at}>${n.at(e.at)}</time></div>
      ${r?y`<div class="small">${Y(t,n,r)}</div>`:x}
      ${ti(this.context,e,{case:e.case??``,camera:()=>e.camera??void 0}).map(e=>y`<div class="small">${e}</div>`)}
    </li>`}async verify(){this.verified=void 0,await this.attempt(`verify`,async()=>{this.verified=await this.context.api.verifyLedger(),this.verifiedAt=/* @__PURE__ */ new Date})}async export(e){this.link=void 0,await this.attempt(e,async()=>{this.link=await this.context.api.exportLedger(e)})}print(){let{t:e,clock:t,info:n}=this.context;Ht(e(`ledger.anchor_heading`),[[e(`ledger.number`),String(n.ledger.number)],[e(`ledger.hash`),n.ledger.hash],[e(`ledger.printed_at`),t.at(/* @__PURE__ */ new Date)],[e(`ledger.printed_by`),n.user.name],[e(`ledger.keep`),e(`ledger.anchor_help`)]])}verdict(){let{t:e,clock:t}=this.context;if(!this.verified||!this.verifiedAt)return x;let{broken:n,entries:r,reason:i}=this.verified,a=t.at(this.verifiedAt);return n===null?y`<ha-alert alert-type="success">${e(`ledger.whole`,{entries:r,at:a})}</ha-alert>`:y`<ha-alert alert-type="error">${e(`ledger.broken`,{number:n,reason:i,at:a})}</ha-alert>`}head(){let{t:e,info:t}=this.context,{number:n,hash:r}=t.ledger;return y`<ha-card>
      <h2>${e(`ledger.head`)}</h2>
      <p>${e(`ledger.head_help`)}</p>
      <dl>
        <dt>${e(`ledger.number`)}</dt>
        <dd>${n}</dd>
        <dt>${e(`ledger.hash`)}</dt>
        <dd class="mono">${r}</dd>
      </dl>
      <p></p>
      <div class="row">
        <button ?disabled=${!n} @click=${this.print}><ha-icon icon="mdi:printer"></ha-icon>${e(`ledger.print`)}</button>
      </div>
    </ha-card>`}verification(){let{t:e,info:t}=this.context;return y`<ha-card>
      <h2>${e(`ledger.verify_heading`)}</h2>
      <p>${e(`ledger.verify_help`)}</p>
      <div class="row">
        <button class="main" ?disabled=${!!this.busy||!t.ledger.available} @click=${this.verify}>
          <ha-icon icon="mdi:link-variant"></ha-icon>
          ${e(this.busy===`verify`?`ledger.verifying`:`ledger.verify`)}
        </button>
      </div>
      <div role="status">${this.verdict()}</div>
    </ha-card>`}exports(){let{t:e,info:t}=this.context,n=t.roles.some(e=>e!==`viewer`),r=!!this.busy||!t.ledger.available||!n;return y`<ha-card>
      <h2>${e(`ledger.export_heading`)}</h2>
      <p>${e(`ledger.export_help`)}</p>
      <div class="row">
        ${[`csv`,`jsonl`].map(t=>y`<button
              ?disabled=${r}
              aria-describedby=${n?x:`export-why`}
              @click=${()=>void this.export(t)}
            >
              <ha-icon icon="mdi:file-export"></ha-icon>${e(t===`csv`?`ledger.csv`:`ledger.jsonl`)}
            </button>`)}
      </div>
      ${n?x:y`<p id="export-why" class="soft small">${e(`why.not_ledger`)}</p>`}
      <div role="status">${this.link?this.download(this.link):x}</div>
    </ha-card>`}download({link:e,file:t,expires:n}){let{t:r,clock:i}=this.context;return y`<p class="row">
      <a class="button main" href=${e} download @click=${this.forgetLink}
        ><ha-icon icon="mdi:download"></ha-icon>${r(`release.download`,{name:t.name})}</a
      >
      <span class="small">${r(`release.once`,{at:i.at(n)})} ${r(`release.anyone`)}</span>
    </p>`}forgetLink(){setTimeout(()=>{this.link=void 0})}strays(){let{t:e}=this.context;return this.folders.length?y`<ha-card>
      <h2>${e(`ledger.folders_heading`)}</h2>
      <p>${e(`ledger.folders_help`)}</p>
      <ul class="folders">
        ${this.folders.map(({folder:t,files:n,size:r})=>y`<li>${e(`ledger.folder`,{folder:t,files:n,size:(r/1e6).toFixed(1)})}</li>`)}
      </ul>
    </ha-card>`:x}newest(){let{t:e}=this.context;return y`<ha-card>
      <h2>${e(`ledger.entries_heading`)}</h2>
      ${this.errorAlert(this.unread)}
      <ol class="entries">
        ${this.entries.map(e=>this.entry(e))}
      </ol>
      ${(this.entries.at(-1)?.number??1)>1?y`<button ?disabled=${!!this.busy} @click=${()=>void this.older()}>${e(`ledger.older`)}</button>`:x}
    </ha-card>`}render(){return y`<div class="page">
      <h1 tabindex="-1">${this.context.t(`ledger.heading`)}</h1>
      ${this.head()} ${this.verification()} ${this.exports()} ${this.strays()} ${this.newest()} ${this.errorAlert()}
    </div>`}},Za=700,Qa=class e{api;clip;told;state=`saved`;error;savedAt=null;found=null;latest=Ke;saved=Ke;known=null;timer;constructor(e,t,n){this.api=e,this.clip=t,this.told=n}static async open(t,n,r){let i=new e(t,n,r),{track:a,sha256:o,saved_by:s,saved_at:c}=await t.maskTrack(n);i.saved=i.latest=a?qe(a):Ke,i.known=o,i.found=s&&c?{name:s.name,at:c}:null;let l=ia(i.name);return l.track&&(i.known=l.based_on??null,i.change(JSON.parse(l.track))),i}get track(){return this.latest}get sha256(){return this.latest===this.saved?this.known:null}get name(){return`mask/${this.clip}`}change(e){this.latest=e,aa(this.name,{track:JSON.stringify(e),...this.known?{based_on:this.known}:{}}),this.state!==`conflict`&&(this.state!==`saving`&&this.turn(`unsaved`),clearTimeout(this.timer),this.timer=setTimeout(()=>void this.save(),Za))}async save(){if(clearTimeout(this.timer),this.state===`saving`||this.state===`conflict`||this.latest===this.saved)return;let e=this.latest;this.error=void 0,this.turn(`saving`);try{let{sha256:t}=await this.api.saveMaskTrack(this.clip,e,this.known);this.saved=e,this.known=t,this.savedAt=/* @__PURE__ */ new Date}catch(e){this.error=e;let t=e instanceof jt&&e.cause.translation_key===`mask_track_changed`;this.turn(t?`conflict`:`failed`);return}this.latest===e?(ca(this.name),this.turn(`saved`)):(this.turn(`unsaved`),await this.save())}async keepMine(){this.known=(await this.api.maskTrack(this.clip)).sha256,this.turn(`unsaved`),await this.save()}discard(){clearTimeout(this.timer),this.latest=this.saved,ca(this.name)}turn(e){this.state=e,this.told()}};function $a({shape:e,sides:[t,n,r,i]},a){return e===`ellipse`?De`<ellipse cx=${(t+r)/2} cy=${(n+i)/2} rx=${(r-t)/2} ry=${(i-n)/2} fill=${a}></ellipse>`:De`<rect x=${t} y=${n} width=${r-t} height=${i-n} fill=${a}></rect>`}function eo(e){let t=e.filter(({standing:e})=>e===`in_force`);return y`<svg class="blackout" viewBox="0 0 ${T} ${T}" preserveAspectRatio="none" aria-hidden="true">
    <mask id="all">
      <rect width=${T} height=${T} fill="white"></rect>
      ${t.filter(({which:e})=>e.kind===`reveal`).map(e=>$a(e,`black`))}
      ${t.filter(({which:e})=>e.kind===`hide`).map(e=>$a(e,`white`))}
    </mask>
    <rect width=${T} height=${T} mask="url(#all)"></rect>
  </svg>`}var to=`important`,no=` !`+to,ro=Zt(class extends Qt{constructor(e){if(super(e),e.type!==I.ATTRIBUTE||e.name!==`style`||e.strings?.length>2)throw Error("The `styleMap` directive must be used in the `style` attribute and must be the only part in the attribute.")}render(e){return Object.keys(e).reduce((t,n)=>{let r=e[n];return r==null?t:t+`${n=n.includes(`-`)?n:n.replace(/(?:^(webkit|moz|ms|o)|)(?=[A-Z])/g,`-$&`).toLowerCase()}:${r};`},``)}update(e,[t]){let{style:n}=e.element;if(this.ft===void 0)return this.ft=new Set(Object.keys(t)),this.render(t);for(let e of this.ft)t[e]??(this.ft.delete(e),e.includes(`-`)?n.removeProperty(e):n[e]=null);for(let e in t){let r=t[e];if(r!=null){this.ft.add(e);let t=typeof r==`string`&&r.endsWith(no);e.includes(`-`)||t?n.setProperty(e,t?r.slice(0,-11):r,t?to:``):n[e]=r}}return b}}),io=[`nw`,`n`,`ne`,`e`,`se`,`s`,`sw`,`w`],ao=[`nw`,`ne`,`se`,`sw`],oo=60,so=4,co={across:6e4,down:2e5};function lo(e,t){return e?.kind!==void 0&&e.kind===t?.kind&&e.index===t.index}var uo=class extends P{static properties={...P.properties,src:{type:String},label:{type:String},width:{type:Number},height:{type:Number},boxes:{attribute:!1},selected:{attribute:!1},editable:{type:Boolean},drawing:{type:Boolean},waiting:{type:Boolean},drag:{state:!0},size:{state:!0}};static styles=[A,o`
      :host {
        /* Handles of a box at the picture's edge stand out of it. */
        padding: 24px 28px;
      }
      .frame {
        --line: #fff;
        background: #000;
        position: relative;
        touch-action: pan-y pinch-zoom;
        user-select: none;
      }
      .frame.drawing {
        cursor: crosshair;
        touch-action: none;
      }
      .frame:focus-visible {
        outline-offset: 4px;
      }
      img {
        block-size: 100%;
        display: block;
        inline-size: 100%;
        -webkit-user-drag: none;
      }
      .waiting {
        background: rgb(0 0 0 / 75%);
        border-radius: 8px;
        color: #fff;
        inset-block-start: 8px;
        inset-inline-start: 8px;
        padding: 2px 10px;
        pointer-events: none;
        position: absolute;
        z-index: 3;
      }
      .box {
        --line: #fff;
        border: 3px solid var(--line);
        box-shadow: 0 0 0 2px #000;
        position: absolute;
      }
      .box.ellipse {
        border-radius: 50%;
      }
      .editable .box {
        cursor: move;
        touch-action: none;
      }
      .box.proposed {
        --line: #ffd54a;
        border-style: dashed;
      }
      .box.rejected,
      .box.outside {
        --line: #e0e0e0;
        border-style: dotted;
      }
      .box.rejected {
        background: repeating-linear-gradient(-45deg, rgb(0 0 0 / 55%) 0 6px, rgb(255 255 255 / 35%) 6px 8px);
      }
      .box.hide {
        background: repeating-linear-gradient(45deg, rgb(0 0 0 / 85%) 0 8px, rgb(90 90 90 / 85%) 8px 12px);
      }
      .box.hide.outside {
        background: none;
      }
      .box.selected {
        z-index: 1;
      }
      .box.selected.in_force {
        --line: #6fd3ff;
      }
      .name {
        background: #000;
        border-radius: 4px;
        color: var(--line);
        font-size: 0.8125rem;
        inset-block-end: calc(100% + 5px);
        inset-inline-start: -3px;
        line-height: 1.3;
        padding: 1px 6px;
        pointer-events: none;
        position: absolute;
        white-space: nowrap;
      }
      .box.selected .name {
        inset-block-end: calc(100% + 28px);
      }
      .box.selected .name.below {
        inset-block: calc(100% + 28px) auto;
      }
      .name.below {
        inset-block: calc(100% + 5px) auto;
      }
      .name.before {
        inset-inline: auto -3px;
      }
      .handle {
        block-size: 44px;
        display: grid;
        inline-size: 44px;
        place-items: center;
        position: absolute;
        touch-action: none;
        transform: translate(-50%, -50%);
        z-index: 2;
      }
      .handle::after {
        background: var(--line);
        block-size: 14px;
        border: 2px solid #000;
        border-radius: 3px;
        content: "";
        inline-size: 14px;
      }
    `];measure=new ResizeObserver(e=>{let t=e.at(-1)?.contentRect;t&&(this.size={width:t.width,height:t.height})});constructor(){super(),this.src=``,this.label=``,this.width=16,this.height=9,this.boxes=[],this.editable=!1,this.drawing=!1,this.waiting=!1,this.size={width:0,height:0}}disconnectedCallback(){super.disconnectedCallback(),this.measure.disconnect()}firstUpdated(){let e=this.frame();e&&this.measure.observe(e)}willUpdate(e){e.has(`src`)&&this.drag&&this.end()}focus(){this.frame()?.focus({preventScroll:!0})}frame(){return this.renderRoot.querySelector(`.frame`)}tell(e,t){this.dispatchEvent(new CustomEvent(e,{detail:t}))}take(e,t,n){if(!this.editable||this.waiting||this.drag||e.button!==0||this.drawing!==(t===`draw`))return;e.preventDefault(),e.stopPropagation();let r=this.frame();if(!r)return;r.setPointerCapture(e.pointerId),this.focus();let i=n?.sides??this.point(e),{pointerId:a,clientX:o,clientY:s}=e;this.drag={pointer:a,handle:t,which:n?.which,from:i,x:o,y:s,now:i,far:!1},n&&this.tell(`picked`,n.which)}point({clientX:e,clientY:t}){let n=this.frame()?.getBoundingClientRect();if(!n?.width||!n.height)return[0,0,0,0];let r=(e-n.left)/n.width*T,i=(t-n.top)/n.height*T;return[r,i,r,i]}move(e){let{drag:t}=this;if(e.pointerId!==t?.pointer)return;let n=this.frame()?.getBoundingClientRect();if(!n?.width||!n.height)return;let r=t.far||Math.hypot(e.clientX-t.x,e.clientY-t.y)>=so;if(!r)return;let i=fo(t,(e.clientX-t.x)/n.width*T,(e.clientY-t.y)/n.height*T);this.drag={...t,now:i,far:r},this.tell(`holding`,{which:t.which,sides:i})}release(e){let{drag:t}=this;if(e.pointerId===t?.pointer){if(this.end(),t.far)this.tell(`placed`,{which:t.which,sides:t.now});else if(t.handle===`draw`){let[e,n]=t.from,{across:r,down:i}=co;this.tell(`placed`,{which:void 0,sides:D([e-r,n-i,e+r,n+i])})}}}end(){this.drag=void 0,this.tell(`holding`,void 0)}cancel(e){e.pointerId===this.drag?.pointer&&this.end()}box(e){let{drag:t}=this,n=t&&lo(t.which,e.which)?t.now:e.sides,r=lo(this.selected,e.which),{t:i}=this.context,a=e.standing===`in_force`?``:i(`mask.standing_${e.standing}`),o=n[1]<12e4;return y`<div
      class="box ${e.which.kind} ${e.shape} ${e.standing} ${r?`selected`:``}"
      style=${ro(po(n))}
      @pointerdown=${t=>{this.take(t,`move`,e)}}
    >
      <span class="name ${o?`below`:``} ${n[0]>7e5?`before`:``}">${e.name} ${a}</span>
    </div>
    ${r&&this.editable&&!this.drawing?this.handles(e,n):x}`}handles(e,t){let n=(t[2]-t[0])/T*this.size.width,r=(t[3]-t[1])/T*this.size.height,i=e=>(`ns`.includes(e)?n:r)<oo;return io.filter(e=>ao.includes(e)||!i(e)).map(n=>y`<div
          class="handle"
          data-handle=${n}
          style=${ro(mo(t,n))}
          @pointerdown=${t=>{this.take(t,n,e)}}
        ></div>`)}render(){let{drag:e}=this,{t}=this.context;return y`<div
      class="frame ${this.drawing?`drawing`:``} ${this.editable?`editable`:``}"
      style=${ro({"aspect-ratio":`${this.width} / ${this.height}`})}
      role="group"
      tabindex="0"
      aria-label=${this.label}
      aria-busy=${this.waiting}
      @pointerdown=${e=>{this.take(e,`draw`)}}
      @pointermove=${this.move}
      @pointerup=${this.release}
      @pointercancel=${this.cancel}
    >
      ${this.src?y`<img
            src=${this.src}
            alt=${this.label}
            draggable="false"
            @load=${()=>this.dispatchEvent(new CustomEvent(`shown`,{detail:this.src}))}
            @error=${()=>this.dispatchEvent(new CustomEvent(`unshown`,{detail:this.src}))}
          />`:x}
      ${this.boxes.map(e=>this.box(e))}
      ${e?.handle===`draw`&&e.far?y`<div class="box box selected in_force" style=${ro(po(e.now))}></div>`:x}
      ${this.waiting?y`<span class="waiting small">${t(`common.loading`)}</span>`:x}
    </div>`}};function fo(e,t,n){switch(e.handle){case`move`:return st(e.from,t,n);case`draw`:return D([e.from[0],e.from[1],e.from[0]+t,e.from[1]+n]);default:return ct(e.from,e.handle,t,n)}}var $=e=>`${e/T*100}%`;function po([e,t,n,r]){return{left:$(e),top:$(t),width:$(n-e),height:$(r-t)}}function mo([e,t,n,r],i){let a=(e,t,n,r)=>n?`calc(${$(e)} - 14px)`:r?`calc(${$(t)} + 14px)`:$((e+t)/2);return{left:a(e,n,i.includes(`w`),i.includes(`e`)),top:a(t,r,i.includes(`n`),i.includes(`s`)),cursor:`${i}-resize`}}var ho=400,go=o`
  .scrubber {
    --thumb: 22px;
    display: grid;
    gap: 4px;
  }
  .scrubber input[type="range"] {
    accent-color: var(--primary-color);
    margin: 0;
    min-block-size: 44px;
    padding: 0;
    border: 0;
    inline-size: 100%;
  }
  .lane {
    background: color-mix(in srgb, var(--primary-text-color) 8%, transparent);
    block-size: 22px;
    border-radius: 4px;
    cursor: pointer;
    margin-inline: calc(var(--thumb) / 2);
    position: relative;
  }
  .lane.selected {
    outline: 2px solid var(--primary-text-color);
  }
  .lane span {
    pointer-events: none;
    position: absolute;
  }
  .lane .seen {
    background: var(--primary-color);
    block-size: 8px;
    inset-block-start: 7px;
    min-inline-size: 2px;
  }
  .lane .hides {
    background: repeating-linear-gradient(45deg, var(--primary-text-color) 0 4px, transparent 4px 6px);
    block-size: 8px;
    inset-block-start: 7px;
    min-inline-size: 2px;
  }
  .lane .out,
  .legend .out {
    background: repeating-linear-gradient(-45deg, var(--primary-text-color) 0 2px, transparent 2px 6px);
    border: 1px solid var(--primary-text-color);
    inset-block: 2px;
    min-inline-size: 4px;
  }
  .mark-key {
    background: var(--primary-text-color);
    block-size: 10px;
    inline-size: 10px;
    inset-block-start: 6px;
    margin-inline-start: -5px;
    transform: rotate(45deg);
  }
  .mark-key.proposed {
    background: var(--card-background-color);
    border: 2px dashed var(--primary-text-color);
  }
  .lane .here {
    background: var(--error-color);
    inline-size: 2px;
    inset-block: -3px;
  }
  .legend {
    align-items: center;
    display: flex;
    flex-wrap: wrap;
    gap: 4px 20px;
  }
  .legend > span {
    align-items: center;
    display: inline-flex;
    gap: 8px;
  }
  .legend i {
    display: inline-block;
    flex: none;
    margin: 0 2px;
  }
  .legend .out {
    block-size: 14px;
    inline-size: 18px;
  }
  .legend .seen {
    background: var(--primary-color);
    block-size: 8px;
    inline-size: 22px;
  }
`;function _o(e){let{t,track:n,pictures:r,place:i}=e;return y`<div class="scrubber">
    ${n.reveal.map((t,n)=>bo(e,{kind:`reveal`,index:n},t))}
    ${n.hide.map(({keys:t},n)=>xo(e,{kind:`hide`,index:n},t))}
    <input
      type="range"
      id="place"
      min="0"
      max=${Math.max(0,r.length-1)}
      .value=${String(i)}
      aria-label=${t(`mask.place`)}
      aria-valuetext=${e.words}
      @input=${t=>{e.go(Number(t.target.value))}}
    />
  </div>`}function vo(e){return y`<p class="legend small">
    <span><i class="mark-key"></i>${e(`mask.legend_key`)}</span>
    <span><i class="mark-key proposed"></i>${e(`mask.legend_proposed`)}</span>
    <span><i class="seen"></i>${e(`mask.legend_seen`)}</span>
    <span><i class="out"></i>${e(`mask.legend_rejected`)}</span>
  </p>`}function yo(e,t,n){let{pictures:r,place:i}=e,[a=0,o=0]=[r[0],r.at(-1)];return y`<div
    class="lane ${lo(t,e.selected)?`selected`:``}"
    role="img"
    aria-label=${e.name(t)}
    @click=${t=>{let n=t.currentTarget.getBoundingClientRect();n.width&&e.goTo(a+(t.clientX-n.left)/n.width*(o-a))}}
  >
    ${n}<span class="here" style="left:${wo(e,r[i]??a)}%"></span>
  </div>`}function bo(e,t,n){return yo(e,t,y`${rt(n).map(t=>Co(e,t,`seen`))}
    ${n.rejected.map(t=>Co(e,t,`out`))} ${So(e,t)}`)}function xo(e,t,n){let[r,i]=[n[0],n.at(-1)];return yo(e,t,y`${r&&i?Co(e,[r.at_us-We,i.at_us+We],`hides`):x}
    ${So(e,t)}`)}function So(e,t){let n=E(e.track,t);return n.length>ho?x:n.map(({at_us:t,confirmed:n})=>y`<span class="mark-key ${n===!1?`proposed`:``}" style="left:${wo(e,t)}%"></span>`)}function Co(e,[t,n],r){let i=wo(e,t);return y`<span class=${r} style="left:${i}%;width:${wo(e,n)-i}%"></span>`}function wo({pictures:e},t){let[n=0,r=0]=[e[0],e.at(-1)];return r<=n?0:Math.min(100,Math.max(0,(t-n)/(r-n)*100))}var To=1e6,Eo=1e4,Do=1e3,Oo=2e5,ko=150,Ao=350,jo=[2,5,10],Mo=5e3,No=[44e4,3e5,56e4,7e5],Po={saved:`mdi:cloud-check`,unsaved:`mdi:cloud-clock`,saving:`mdi:cloud-upload`,failed:`mdi:cloud-alert`,conflict:`mdi:account-alert`},Fo=[[`← → ↑ ↓`,`mask.key_move`],[`Shift + ← → ↑ ↓`,`mask.key_size`],[`Alt + …`,`mask.key_fine`],[`PageUp / PageDown`,`mask.key_picture`],[`Shift + PageUp / PageDown`,`mask.key_key`],[`K`,`mask.key_confirm`],[`P`,`mask.key_propose`],[`Delete`,`mask.key_delete`],[`Ctrl + Z / Ctrl + Y`,`mask.key_undo`]],Io=class extends F{static properties={...F.properties,caseId:{type:String},item:{type:String},shown:{state:!0},view:{state:!0},history:{state:!0},place:{state:!0},loaded:{state:!0},selected:{state:!0},drawing:{state:!0},held:{state:!0},seconds:{state:!0},rejectFrom:{state:!0},running:{state:!0},said:{state:!0},broken:{state:!0},masked:{state:!0},maskedLoaded:{state:!0},kept:{state:!0},look:{state:!0}};static styles=[A,go,o`
      .page {
        gap: 8px;
        max-width: 1700px;
        padding-block-start: 8px;
      }
      .head {
        align-items: baseline;
        gap: 4px 20px;
      }
      .tools {
        padding-block: 12px;
      }
      .tools.tools {
        gap: 4px;
      }
      h1 {
        font-size: 1.3rem;
      }
      .panes {
        display: grid;
        gap: 0 8px;
        grid-template-columns: minmax(0, 3fr) minmax(0, 2fr);
        margin-inline: -12px;
      }
      figure {
        margin: 0;
        min-inline-size: 0;
      }
      figcaption {
        padding-inline: 28px;
      }
      .side {
        align-content: start;
        display: grid;
        gap: 12px;
      }
      .side > :not(figure) {
        margin: 0 16px 0 28px;
      }
      .will {
        padding: 24px 28px 8px;
      }
      .will > div {
        background: #000;
        position: relative;
      }
      .will img {
        block-size: 100%;
        display: block;
        inline-size: 100%;
      }
      .will .blackout,
      .will .real {
        block-size: 100%;
        fill: #383838;
        inline-size: 100%;
        inset: 0;
        position: absolute;
      }
      .will .real {
        visibility: hidden;
      }
      .will .real.there {
        visibility: visible;
      }
      .tools {
        display: grid;
        gap: 12px;
      }
      .tools .row {
        gap: 8px;
      }
      .tools button {
        padding-inline: 12px;
      }
      .under {
        display: grid;
        gap: 4px;
        padding-inline: 16px;
      }
      .moving button {
        white-space: nowrap;
      }
      .moving.moving {
        gap: 4px;
        justify-content: center;
      }
      .tools .time {
        font-variant-numeric: tabular-nums;
        line-height: 1.3;
        min-inline-size: 7.5em;
        text-align: center;
      }
      /* Beside Home Assistant's menu: on a line of its own, one step would look like another kind of step. */
      @media (max-width: 1500px) {
        .moving ha-icon {
          display: none;
        }
      }
      @media (max-width: 1100px) {
        .tools button {
          padding-inline: 8px;
        }
        .side > :not(figure) {
          margin-inline: 8px 0;
        }
      }
      .tools select {
        inline-size: auto;
      }
      .ranges button[aria-pressed="true"] {
        border-color: var(--primary-color);
        box-shadow: inset 0 0 0 2px var(--primary-color);
      }
      .said {
        min-block-size: 3.2em;
      }
      .seen-list {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
      }
      .small-screen {
        display: none;
      }
      @media (max-width: 760px) {
        .panes {
          grid-template-columns: minmax(0, 1fr);
        }
        .small-screen {
          display: block;
        }
        .tools .time {
          flex: 1 0 100%;
          order: -1;
        }
      }
    `];draft;opened=``;trackSha256=null;renewedAt=0;wanted=``;calmTimer;runTimer;leaving=()=>void this.draft?.save();constructor(){super(),this.caseId=``,this.item=``,this.history=Et(Ke),this.place=0,this.loaded=``,this.drawing=``,this.seconds=10,this.said=``,this.broken=!1,this.masked=``,this.maskedLoaded=``,this.kept=0,this.look={fill:`solid`,plate_at_us:void 0}}connectedCallback(){super.connectedCallback(),window.addEventListener(`pagehide`,this.leaving)}disconnectedCallback(){super.disconnectedCallback(),window.removeEventListener(`pagehide`,this.leaving),clearTimeout(this.calmTimer),this.stop(),this.leaving()}willUpdate(e){e.has(`item`)&&this.refresh(),super.willUpdate(e),this.wantMasked()}wantMasked(){let e=this.maskedWanted();e!==this.wanted&&(this.wanted=e,this.masked=``,clearTimeout(this.calmTimer),e&&(this.calmTimer=setTimeout(()=>{this.masked=e},Ao)))}async read(){let{caseId:e,item:t}=this,{api:n}=this.context,r=await n.getCase(e);if(t!==this.item)return;this.shown=r;let{clip:i,mask:a}=this.found();if(this.opened===t||!i?.sealed)return;let o=await n.maskView(t),s=a?void 0:await Qa.open(n,t,()=>this.kept+=1),c=a?await n.maskTrack(t):void 0;if(t!==this.item)return;this.opened=t,this.draft=s,this.trackSha256=c?.sha256??null;let l=s?.track??(c?.track?qe(c.track):Ke);this.history=Et(l),this.view=a?Ro(o,a.passage_us):o,this.select(l.reveal.length?{kind:`reveal`,index:0}:void 0),this.drawing=this.editable()&&!l.reveal.length?`reveal`:``;let u=l.reveal[0]?.keys[0]?.at_us;this.place=u===void 0?0:Tt(this.view.pictures,u)}found(){for(let e of this.shown?.passages??[]){if(e.clip===this.item)return{clip:e};let t=e.masks.find(e=>e.mask===this.item);if(t)return{clip:e,mask:t}}return{}}editable(){let{clip:e,mask:t}=this.found();return!t&&!!e?.offers.includes(`mask_clip`)}get track(){return this.history.now}get at(){return this.view?.pictures[this.place]??0}turn(e){this.history=e,this.draft?.change(e.now);let{selected:t}=this;t&&!E(e.now,t).length&&this.select(void 0)}commit(e,t=``){this.editable()&&this.turn(Dt(this.history,e,t))}async loadTheirs(){this.draft?.discard(),this.opened=``,await this.refresh()}source(e=this.place){let t=this.view?.pictures[e];return t===void 0?``:`${this.view?.base??``}/source/${t}.jpg`}waiting(){return this.loaded!==this.source()}maskedWanted(){let e=this.draft?this.draft.sha256:this.trackSha256;if(!this.view||!e||this.held||!this.track.reveal.length)return``;let{fill:t,plate_at_us:n}=this.look,r=n===void 0?t:`${t}&plate_at_us=${n}`;return`${this.view.base}/masked/${this.at}.jpg?track=${e}&fill=${r}`}go(e){let t=(this.view?.pictures.length??1)-1;this.place=Math.min(Math.max(e,0),t)}goTo(e){this.go(Tt(this.view?.pictures??[],e))}step(e){this.stop(),this.go(this.place+e)}jump(e){this.stop(),this.goTo(this.at+e)}toKey(e){this.stop();let{selected:t,at:n}=this;if(!t)return;let r=E(this.track,t).map(e=>e.at_us),i=e>0?r.find(e=>e>n):r.findLast(e=>e<n);i!==void 0&&this.goTo(i)}run(e){this.running=e,this.goOn()}goOn(){clearTimeout(this.runTimer),this.running===void 0||this.waiting()||(this.runTimer=setTimeout(()=>{let{at:e,place:t,running:n}=this;n!==void 0&&(e>=n||t>=(this.view?.pictures.length??1)-1?this.stop():this.go(Math.max(t+1,Tt(this.view?.pictures??[],Math.min(e+Oo,n)))))},ko))}stop(){clearTimeout(this.runTimer),this.running=void 0}onShown(e){this.loaded=e,this.broken=!1,this.goOn();let t=this.source(this.place+1);t&&this.running===void 0&&(new Image().src=t)}async onUnshown(e){e===this.source()&&(this.stop(),performance.now()-this.renewedAt<Mo&&this.renewedAt?this.broken=!0:await this.renew())}async renew(){this.renewedAt=performance.now(),this.broken=!1;let{item:e}=this;await this.attempt(`renew`,async()=>{let t=await this.context.api.maskView(e),{mask:n}=this.found();e===this.item&&(this.view=n?Ro(t,n.passage_us):t)})}momentOf(e){let t=this.view?.stretches.findLast(({at_us:t})=>t<=e);return t?new Date(Date.parse(t.start)+(e-t.at_us)/1e3):/* @__PURE__ */ new Date(NaN)}timeOf(e){let t=this.momentOf(e);return Number.isNaN(t.getTime())?(e/To).toFixed(1):this.context.clock.timeOfDay(t)}select(e){this.selected=e,this.rejectFrom=void 0}stage(){return this.renderRoot.querySelector(`niiza-cctv-mask-stage`)}nameOf(e){return this.context.t(e.kind===`reveal`?`mask.name_reveal`:`mask.name_hide`,{number:e.index+1})}guide(e){return et(E(this.track,e),this.at)}boxes(){let{track:e,at:t}=this;return[...e.reveal.map((e,t)=>({kind:`reveal`,index:t})),...e.hide.map((e,t)=>({kind:`hide`,index:t}))].flatMap(n=>{let r=this.guide(n);if(!r)return[];let i=n.kind===`reveal`?e.reveal[n.index]?.shape??`box`:`box`;return[{which:n,name:this.nameOf(n),shape:i,sides:r,standing:tt(e,n,t)}]})}boxesHeld(){let{held:e}=this;return this.boxes().map(t=>e&&lo(e.which,t.which)?{...t,sides:e.sides,standing:`in_force`}:t)}draw(e,t){this.stop(),t?.detail===0?(this.add(e,No),this.stage()?.focus()):this.drawing=this.drawing===e?``:e}add(e,t){let{track:n,at:r}=this;this.drawing=``,this.commit(e===`reveal`?xt(n,r,t):St(n,r,t)),this.select({kind:e,index:this.track[e].length-1}),this.said=this.context.t(e===`reveal`?`mask.added_reveal`:`mask.added_hide`)}placed({which:e,sides:t}){e?this.put(e,t):this.drawing&&this.add(this.drawing,t)}put(e,t,n=``){let r=this.track.reveal[e.index]?.rejected;this.commit(dt(this.track,e,this.at,t),n);let i=e.kind===`reveal`&&r!==this.track.reveal[e.index]?.rejected;this.said=i?this.context.t(`mask.far`):``}confirm(){let{selected:e}=this,t=e&&this.guide(e);e&&t&&!this.waiting()&&this.put(e,t)}confirmAll(){let{selected:e}=this;if(e?.kind!==`reveal`)return;let t=_t(this.track,e.index).at(-1);this.stop(),this.commit(ht(this.track,e.index)),t&&this.goTo(t.at_us),this.said=this.context.t(`mask.all_confirmed`)}dropProposed(){this.selected?.kind===`reveal`&&(this.stop(),this.commit(gt(this.track,this.selected.index)),this.said=``)}deleteKey(){let{selected:e}=this;e&&nt(this.track,e,this.at)&&this.commit(ft(this.track,e,this.at))}removeRange(){this.selected&&this.commit(Ct(this.track,this.selected)),this.select(void 0)}reject(){let{selected:e,rejectFrom:t,at:n}=this;e?.kind===`reveal`&&(t===void 0?this.rejectFrom=n:(this.rejectFrom=void 0,this.commit(yt(this.track,e.index,t,n))))}async propose(){let{selected:e,at:t}=this,{api:n,t:r}=this.context;if(e?.kind!==`reveal`||this.busy||this.waiting())return;let i=this.guide(e),a=this.item;if(!i)return;this.stop(),nt(this.track,e,t)?.confirmed||this.put(e,i),this.said=r(`mask.proposing`);let o,s=nt(this.track,e,t)?.box??i;await this.attempt(`propose`,async()=>{o=await n.proposeTrack(this.item,t,s,this.seconds)}),!o||a!==this.item?this.said=``:this.takeOver(e,t,o)}takeOver(e,t,{keys:n,end:r}){let{t:i}=this.context,a=n.map(({at_us:e,box:[t=0,n=0,r=0,i=0]})=>({at_us:e,box:[t,n,r,i]}));this.commit(vt(this.track,e.index,t,a));let o=a.length>1?_t(this.track,e.index).findLast(e=>e.at_us>t):void 0,s=o?((o.at_us-t)/To).toFixed(1):`0`;this.said=i(o?`mask.proposed_${r}`:`mask.nothing_${r}`,{seconds:s}),o&&(matchMedia(`(prefers-reduced-motion: reduce)`).matches?this.toKey(1):this.run(o.at_us))}pressed(e){let{target:t}=e;if(t instanceof HTMLElement&&/^(SELECT|TEXTAREA)$/.test(t.tagName)||e.metaKey)return;let n=this.shortcut(e)??(this.editable()?this.editShortcut(e):void 0);n&&(e.preventDefault(),n())}shortcut({key:e,shiftKey:t,ctrlKey:n,altKey:r}){if(n||r||e!==`PageUp`&&e!==`PageDown`)return;let i=e===`PageDown`?1:-1;return()=>{t?this.toKey(i):this.step(i)}}editShortcut({key:e,ctrlKey:t,shiftKey:n}){let r=e.toLowerCase();if(t)return r===`y`||r===`z`&&n?()=>{this.turn(kt(this.history))}:r===`z`?()=>{this.turn(Ot(this.history))}:void 0;switch(r){case`k`:return()=>{this.confirm()};case`p`:return()=>void this.propose();case`delete`:return()=>{this.deleteKey()};default:return}}nudged(e){let{selected:t}=this,n=Lo[e.key];if(!n||!t||e.ctrlKey||!this.editable()||this.waiting())return;e.preventDefault();let r=this.guide(t);if(!r)return;let i=e.altKey?Do:Eo,[a,o]=[n[0]*i,n[1]*i],s=e.shiftKey?ct(r,`se`,a,o):st(r,a,o);this.put(t,s,`nudge ${t.kind} ${t.index} ${this.at}`),this.said||=this.placeWords(s)}placeWords([e,t,n,r]){let i=e=>(Math.round(e/T*1e3)/10).toString();return this.context.t(`mask.box_at`,{left:i(e),top:i(t),width:i(n-e),height:i(r-t)})}async renderClip(e){let t=this.draft?.sha256;t&&await this.attempt(`render`,()=>this.context.api.renderMaskedClip(this.item,t,e))&&zt(`case/${this.caseId}`)}keptShown(){let{t:e,clock:t}=this.context,{draft:n}=this;if(!n||!this.editable())return x;let{state:r,savedAt:i,found:a}=n,o=r===`saved`?i?e(`mask.kept_saved`,{at:t.timeOfDay(i).slice(0,-2)}):a?e(`mask.kept_found`,{person:a.name,at:t.at(a.at)}):e(`mask.kept_nothing`):e(`mask.kept_${r}`);return y`<span class="chip ${r===`failed`||r===`conflict`?`risk`:``}" data-kept=${r}>
      <ha-icon icon=${Po[r]}></ha-icon>${o}</span
    >`}keptTrouble(){let{t:e}=this.context,{draft:t}=this;return t?.state===`failed`?y`<ha-alert alert-type="error" role="alert"
        >${this.wording(t.error)}
        <button slot="action" @click=${()=>void t.save()}>${e(`common.again`)}</button></ha-alert
      >`:t?.state===`conflict`?y`<ha-alert alert-type="warning" role="alert">
      <p>${e(`mask.conflict`)}</p>
      <div class="row">
        <button @click=${()=>void this.loadTheirs()}>${e(`mask.load_theirs`)}</button>
        <button @click=${()=>void this.attempt(`keep`,()=>t.keepMine())}>${e(`mask.keep_mine`)}</button>
      </div>
    </ha-alert>`:x}button(e,t,n,r=!1,i=``){return y`<button type="button" class=${i} ?disabled=${r} @click=${n}>
      <ha-icon icon=${e}></ha-icon>${this.context.t(t)}
    </button>`}ranges(){let{t:e}=this.context,{track:t}=this,n=this.editable(),r=[...t.reveal.map((e,t)=>({kind:`reveal`,index:t})),...t.hide.map((e,t)=>({kind:`hide`,index:t}))];return y`<div class="row ranges" role="group" aria-label=${e(`mask.ranges`)}>
      ${r.map(e=>y`<button
            type="button"
            aria-pressed=${lo(e,this.selected)}
            @click=${()=>{this.select(e)}}
          >
            <ha-icon icon=${e.kind===`reveal`?`mdi:account-eye`:`mdi:eye-off`}></ha-icon>${this.nameOf(e)}
          </button>`)}
      ${n?y`${this.drawButton(`reveal`)} ${this.drawButton(`hide`)}
            <span class="row">
              ${this.button(`mdi:undo`,`mask.undo`,()=>{this.turn(Ot(this.history))},!this.history.past.length)}
              ${this.button(`mdi:redo`,`mask.redo`,()=>{this.turn(kt(this.history))},!this.history.future.length)}
            </span>`:x}
    </div>`}drawButton(e){return y`<button
      type="button"
      aria-pressed=${this.drawing===e}
      @click=${t=>{this.draw(e,t)}}
    >
      <ha-icon icon=${e===`reveal`?`mdi:account-plus`:`mdi:eye-off-outline`}></ha-icon>${this.context.t(e===`reveal`?`mask.add_reveal`:`mask.add_hide`)}
    </button>`}panes(e){let{t}=this.context,n=this.context.clock.tenths(this.momentOf(this.at));return y`<div class="panes">
      <figure>
        <niiza-cctv-mask-stage
          .context=${this.context}
          .src=${this.source()}
          .label=${t(`mask.source_label`,{at:n})}
          .width=${e.width}
          .height=${e.height}
          .boxes=${this.boxes()}
          .selected=${this.selected}
          .editable=${this.editable()&&!this.busy}
          .drawing=${this.drawing!==``}
          .waiting=${this.waiting()}
          @keydown=${this.nudged}
          @shown=${e=>{this.onShown(e.detail)}}
          @unshown=${e=>void this.onUnshown(e.detail)}
          @picked=${e=>{this.stop(),lo(e.detail,this.selected)||this.select(e.detail)}}
          @holding=${e=>{this.held=e.detail??void 0}}
          @placed=${e=>{this.placed(e.detail)}}
        ></niiza-cctv-mask-stage>
        <figcaption class="small">${t(`mask.as_it_is`,{at:n})} ${this.drawing?y`<strong>${t(`mask.draw_${this.drawing}`)}</strong>`:x}</figcaption>
        <div class="under">${this.scrubber(e)} ${this.moving()}</div>
      </figure>
      <div class="side">
        <figure>${this.will(e,n)}</figure>
        ${this.editing()}
      </div>
    </div>`}will(e,t){let{t:n}=this.context,{masked:r}=this,i=r!==``&&this.maskedLoaded===r;return y`<div class="will">
        <div style="aspect-ratio:${e.width}/${e.height}" role="img" aria-label=${n(`mask.will_label`,{at:t})}>
          <img src=${this.loaded||this.source()} alt="" />
          ${eo(this.waiting()?[]:this.boxesHeld())}
          ${r?y`<img
                class="real ${i?`there`:``}"
                src=${r}
                alt=""
                @load=${()=>{this.maskedLoaded=r}}
              />`:x}
        </div>
      </div>
      <figcaption class="small">${n(`mask.as_it_will_be`)} ${n(i?`mask.by_server`:this.draft?`mask.by_page`:`mask.by_page_still`)}</figcaption>`}scrubber({pictures:e}){return _o({t:this.context.t,track:this.track,pictures:e,place:this.place,selected:this.selected,words:this.timeOf(this.at),go:e=>{this.stop(),this.go(e)},goTo:e=>{this.stop(),this.goTo(e)},name:e=>this.nameOf(e)})}moving(){let{t:e}=this.context,{at:t,place:n,selected:r}=this,i=(this.view?.pictures.length??1)-1,a=!r,o=this.running!==void 0;return y`<div class="row moving" role="group" aria-label=${e(`mask.moving`)}>
        ${this.button(`mdi:rewind`,`mask.second_back`,()=>{this.jump(-1e6)},n<=0)}
        ${this.button(`mdi:chevron-left`,`mask.picture_back`,()=>{this.step(-1)},n<=0)}
        <span class="time"
          ><strong>${this.timeOf(t)}</strong><br /><span class="small soft"
            >${e(`mask.number`,{number:n+1,of:i+1})}</span
          ></span
        >
        ${this.button(`mdi:chevron-right`,`mask.picture_on`,()=>{this.step(1)},n>=i)}
        ${this.button(`mdi:fast-forward`,`mask.second_on`,()=>{this.jump(To)},n>=i)}
      </div>
      <div class="row moving">
        ${this.button(`mdi:skip-previous`,`mask.last_key`,()=>{this.toKey(-1)},a)}
        ${this.button(o?`mdi:pause`:`mdi:play`,o?`mask.stop`:`mask.run`,()=>{o?this.stop():this.run(1/0)},n>=i&&!o)}
        ${this.button(`mdi:skip-next`,`mask.next_key`,()=>{this.toKey(1)},a)}
    </div>`}editing(){let{t:e}=this.context,{selected:t,track:n,at:r}=this;if(!this.editable())return x;if(!t)return y`<p role="status"></p>`;let i=nt(n,t,r),a=t.kind===`reveal`?n.reveal[t.index]:void 0,o=a?_t(n,t.index).length:0;return y`<p class="said" role="status">${this.said}</p>
      ${a?this.proposing(o):x}
      <div class="row" role="group" aria-label=${e(`mask.this_picture`)}>
        ${this.button(`mdi:check`,`mask.confirm`,()=>{this.confirm()},i!==void 0&&i.confirmed!==!1)}
        ${this.button(`mdi:close`,`mask.delete_key`,()=>{this.deleteKey()},!i)}
        ${a?this.rejecting(t.index):x}
        ${a?y`<button
              type="button"
              @click=${()=>{this.commit(wt(n,t.index,a.shape===`box`?`ellipse`:`box`))}}
            >
              <ha-icon icon=${a.shape===`box`?`mdi:ellipse-outline`:`mdi:rectangle-outline`}></ha-icon>${e(a.shape===`box`?`mask.make_ellipse`:`mask.make_box`)}
            </button>`:x}
        ${this.button(`mdi:delete`,`mask.remove`,()=>{this.removeRange()},!1,`danger`)}
      </div>`}proposing(e){let{t}=this.context;return y`<div class="row" role="group" aria-label=${t(`mask.proposals`)}>
      <button type="button" class=${e?``:`main`} ?disabled=${!!this.busy||this.waiting()} @click=${this.propose}>
        <ha-icon icon="mdi:motion-sensor"></ha-icon>${t(this.busy===`propose`?`common.working`:`mask.propose`)}
      </button>
      <select
        aria-label=${t(`mask.how_far`)}
        @change=${e=>{this.seconds=Number(e.target.value)}}
      >
        ${jo.map(e=>y`<option value=${e} ?selected=${e===this.seconds}>${t(`mask.seconds`,{seconds:e})}</option>`)}
      </select>
      ${this.button(`mdi:check-all`,`mask.confirm_all`,()=>{this.confirmAll()},!e||!!this.busy,e?`main`:``)}
      ${this.button(`mdi:playlist-remove`,`mask.drop_proposed`,()=>{this.dropProposed()},!e||!!this.busy)}
      ${e?y`<span class="chip">${t(`mask.waiting_proposals`,{count:e})}</span>`:x}
    </div>`}rejecting(e){let{t}=this.context,{rejectFrom:n,at:r}=this,i=this.track.reveal[e];return i&&n===void 0&&Ze(i,r)?this.button(`mdi:eye-check`,`mask.unreject`,()=>{this.commit(bt(this.track,e,r))}):y`${this.button(`mdi:eye-remove`,n===void 0?`mask.reject_from`:`mask.reject_to`,()=>{this.reject()})}
    ${n===void 0?x:y`<span class="small">${t(`mask.rejecting`,{at:this.timeOf(n)})}</span>`}`}seen(){let{t:e}=this.context,t=this.track.reveal.flatMap((e,t)=>rt(e).map(([e,n])=>({which:{kind:`reveal`,index:t},from:e,to:n})));return y`<ha-card>
      <h2>${e(`mask.seen`)}</h2>
      ${t.length?y`<ul class="seen-list">
            ${t.map(({which:t,from:n,to:r})=>y`<li>
                  <button
                    type="button"
                    @click=${()=>{this.select(t),this.goTo(n),this.run(r)}}
                  >
                    <ha-icon icon="mdi:play"></ha-icon>${e(`mask.seen_stretch`,{name:this.nameOf(t),from:this.timeOf(n),to:this.timeOf(r),seconds:((r-n)/To).toFixed(1)})}
                  </button>
                </li>`)}
          </ul>`:y`<p>${e(`mask.seen_nothing`)}</p>`}
    </ha-card>`}make(){let{t:e}=this.context,t=this.track.reveal.reduce((e,t,n)=>e+_t(this.track,n).length,0),n=this.track.reveal.some(e=>rt(e).length)?this.draft?.sha256?``:e(`mask.why_unsaved`):e(`mask.why_nothing`);return y`<ha-card>
      <h2>${e(`mask.make`)}</h2>
      <niiza-cctv-mask-form
        .context=${this.context}
        .at=${this.at}
        .moment=${this.momentOf(this.at)}
        .proposed=${t}
        .why=${n}
        .running=${this.busy===`render`}
        .failure=${this.error}
        @look=${e=>{this.look=e.detail}}
        @submitted=${e=>void this.renderClip(e.detail)}
      ></niiza-cctv-mask-form>
    </ha-card>`}help(){let{t:e}=this.context;return y`<details>
      <summary>${e(`mask.keys`)}</summary>
      <dl class="small">
        ${Fo.map(([t,n])=>y`<dt><kbd>${t}</kbd></dt>
              <dd>${e(n)}</dd>`)}
      </dl>
    </details>`}work(e){let{t}=this.context,n=this.editable();return y`<ha-card class="tools" @keydown=${this.pressed}>
        ${this.ranges()} ${this.keptTrouble()} ${this.errorAlert(this.busy===`render`?``:this.error)}
        ${this.broken?y`<ha-alert alert-type="error" role="alert"
              >${t(`mask.no_picture`)} <button slot="action" @click=${()=>void this.renew()}>${t(`common.again`)}</button></ha-alert
            >`:x}
        ${this.panes(e)} ${vo(t)}
        ${n?this.help():x}
      </ha-card>
      ${this.seen()} ${n?this.make():x}`}render(){let{t:e}=this.context,{clip:t,mask:n}=this.found(),{view:r}=this,i={camera:t?.camera_name??``,item:this.item};return y`<div class="page">
      <div class="row head">
        <a class="with-icon" href="${N}/case/${this.caseId}"
          ><ha-icon icon="mdi:arrow-left"></ha-icon>${e(`mask.back`,{case:this.caseId})}</a
        >
        <h1 tabindex="-1">${e(n?`mask.heading_review`:`mask.heading`,i)}</h1>
        ${this.keptShown()}
      </div>
      ${this.errorAlert(this.unread)}
      ${n?y`<p>${e(`mask.help_review`,{person:n.asked_by.name})}</p>`:this.track.reveal.length?x:y`<p>${e(`mask.help`)}</p>`}
      ${this.editable()?y`<ha-alert class="small-screen" alert-type="info">${e(`mask.small_screen`)}</ha-alert>`:x}
      ${this.shown&&!n&&t&&!this.editable()?y`<ha-alert alert-type="info">${e(`mask.read_only`)}</ha-alert>`:x}
      ${r&&r.count>r.pictures.length&&!n?y`<ha-alert alert-type="warning">${e(`mask.too_long`,{count:r.pictures.length,of:r.count})}</ha-alert>`:x}
      ${r&&this.opened===this.item?this.work(r):this.unread?x:y`<p role="status">${e(`common.loading`)}</p>`}
    </div>`}},Lo={ArrowLeft:[-1,0],ArrowRight:[1,0],ArrowUp:[0,-1],ArrowDown:[0,1]};function Ro(e,[t=0,n=1/0]){return{...e,pictures:e.pictures.filter(e=>t<=e&&e<=n)}}var zo=[`solid`,`median`,`picture`],Bo=[`none`,`for_viewing`,`copy`],Vo=2,Ho=class extends P{static properties={...P.properties,at:{type:Number},moment:{attribute:!1},proposed:{type:Number},why:{type:String},running:{type:Boolean},failure:{type:String},from:{state:!0},to:{state:!0},fill:{state:!0},plate:{state:!0},marking:{state:!0}};static styles=[A,o`
      :host,
      form {
        display: grid;
        gap: 16px;
      }
    `];constructor(){super(),this.proposed=0,this.why=``,this.running=!1,this.failure=``,this.from=null,this.to=null,this.fill=`solid`,this.marking=`none`}backwards(){return this.from!==null&&this.to!==null&&this.from>this.to}submit(e){e.preventDefault();let{clock:t}=this.context,{from:n,to:r,fill:i,marking:a}=this,o={fill:i,marking:a,start:n?t.iso(n):void 0,end:r?t.iso(new Date(r.getTime()+Vo)):void 0,plate_at:i===`picture`&&this.plate?this.plate.at/1e6:void 0};this.dispatchEvent(new CustomEvent(`submitted`,{detail:o}))}choose(e){this.fill=e,e===`picture`&&(this.plate??={at:this.at,moment:this.moment}),this.tellLook()}tellLook(){let{fill:e,plate:t}=this,n={fill:e,plate_at_us:e===`picture`?t?.at:void 0};this.dispatchEvent(new CustomEvent(`look`,{detail:n}))}edge(e){let{t,clock:n}=this.context,r=this[e],i=e===`from`?`mask.from_begin`:`mask.to_end`;return y`<span class="row">
      <button
        type="button"
        @click=${()=>{this[e]=this.moment}}
      >
        <ha-icon icon=${e===`from`?`mdi:ray-start-arrow`:`mdi:ray-end`}></ha-icon>
        ${t(e===`from`?`mask.from_here`:`mask.to_here`)}
      </button>
      <span class="small">${r?n.tenths(r):t(i)}</span>
      ${r?y`<button
            type="button"
            class="flat"
            @click=${()=>{this[e]=null}}
          >
            ${t(i)}
          </button>`:x}
    </span>`}choice(e,t,n,r){return y`<label class="choice"
      ><input
        type="radio"
        name=${e}
        value=${t}
        .checked=${n===t}
        @change=${()=>{r(t)}}
      />${this.context.t(`mask.${e}_${t}`)}</label
    >`}plateShown(){let{t:e,clock:t}=this.context;return this.fill!==`picture`||!this.plate?x:y`<p class="row">
      <span>${e(`mask.plate`,{at:t.tenths(this.plate.moment)})}</span>
      <button
        type="button"
        @click=${()=>{this.plate={at:this.at,moment:this.moment},this.tellLook()}}
      >
        ${e(`mask.plate_here`)}
      </button>
    </p>`}render(){let{t:e}=this.context,t=this.why||(this.backwards()?e(`mask.end_first`):``);return y`<form @submit=${this.submit}>
      <fieldset>
        <legend>${e(`mask.part`)}</legend>
        <div class="row">${this.edge(`from`)} ${this.edge(`to`)}</div>
      </fieldset>
      <fieldset>
        <legend>${e(`mask.fill`)}</legend>
        <div class="choices">
          ${zo.map(e=>this.choice(`fill`,e,this.fill,e=>{this.choose(e)}))}
        </div>
        ${this.plateShown()}
      </fieldset>
      <fieldset>
        <legend>${e(`mask.marking`)}</legend>
        <div class="choices">
          ${Bo.map(e=>this.choice(`marking`,e,this.marking,e=>{this.marking=e}))}
        </div>
      </fieldset>
      ${this.proposed?y`<ha-alert alert-type="warning">${e(`mask.still_proposed`,{count:this.proposed})}</ha-alert>`:x}
      ${this.errorAlert(this.failure)}
      <div class="row">
        <button type="submit" class="main" ?disabled=${!!t||this.running} aria-describedby=${t?`why`:x}>
          <ha-icon icon="mdi:movie-check"></ha-icon>${e(this.running?`common.working`:`mask.render`)}
        </button>
        ${t?y`<span class="small soft" id="why">${t}</span>`:x}
      </div>
    </form>`}},Uo=`new`,Wo=/* @__PURE__ */ new Set([`purpose`,`note`]),Go=class extends P{static properties={...P.properties,typed:{state:!0},passage:{state:!0}};static styles=[A,o`
      .send {
        justify-content: flex-end;
      }
    `];passagePart=Ri();constructor(){super();let{cameras:e,start:t,end:n,margin:r,...i}=ia(Uo);this.typed=i,this.passage={cameras:e??``,start:t??``,end:n??``,margin:r??nr.margin}}firstUpdated(){this.shadowRoot?.querySelector(`h1`)?.focus({preventScroll:!0})}rule(){let{kinds:e}=this.context.info;return e.find(e=>e.kind===this.typed.kind)}save(){aa(Uo,{...this.typed,...ar(this.passage)?{...this.passage}:{}})}setField(e,t){this.typed={...this.typed,[e]:t},this.save()}choose(e){let t=this.rule()?.legal_bases??[],n=this.typed.legal_basis??``,r=n&&!t.includes(n)?n:``,[i,...a]=e.legal_bases;this.typed={...this.typed,kind:e.kind,legal_basis:r||(i!==void 0&&!a.length?i:``)},this.save()}discard(){ca(Uo),this.typed={},this.passage=nr,this.error=``}async submit(e){e.preventDefault();let t=e.target,n=this.rule(),r=this.passagePart.value?.reportValidity()!==!1;if(!n||!H(t)||!r)return;let i=[...n.required,...n.optional],a=Object.fromEntries(i.map(e=>[e,this.typed[e]?.trim()??``]));await this.attempt(`send`,async()=>{let e=await this.context.api.createCase(n.kind,a,sr(this.passage)??void 0);this.discard(),zt(`case/${e.case}`)})}field(e,t){let{t:n,clock:r}=this.context,i={name:t,label:un(n,t,e.decided_by_proposal),required:e.required.includes(t),help:dn(n,t,e.decided_by_proposal),value:this.typed[t]??``,setValue:e=>{this.setField(t,e)}};return Wo.has(t)?V(n,{...i,className:`wide`}):t===`document_date`?B(n,{...i,type:`date`,max:r.field(/* @__PURE__ */ new Date).slice(0,10)}):B(n,{...i,suggestions:t===`legal_basis`?e.legal_bases:[]})}papers(e){return y`<ha-card>
      <h2>${this.context.t(`new.papers`)}</h2>
      <div class="fields">
        ${[...e.required,...e.optional].map(t=>this.field(e,t))}
      </div>
    </ha-card>`}footage(){let{t:e}=this.context;return y`<ha-card>
      <h2>${e(`new.footage`)}</h2>
      <p>${e(`new.footage_help`)}</p>
      <niiza-cctv-passage
        ${Vi(this.passagePart)}
        .context=${this.context}
        .typed=${this.passage}
        @typed=${e=>{this.passage=e.detail,this.save()}}
      ></niiza-cctv-passage>
    </ha-card>`}buttons(){let{t:e}=this.context,t=ar(this.passage)?`new.send_and_preserve`:`new.send`;return y`<div class="row send">
      <button type="button" class="flat" ?disabled=${!!this.busy} @click=${this.discard}>
        ${e(`new.discard`)}
      </button>
      <button type="submit" class="main" ?disabled=${!!this.busy}>
        <ha-icon icon="mdi:inbox-arrow-down"></ha-icon>
        ${e(this.busy?`new.sending`:t)}
      </button>
    </div>`}form(e){let{t}=this.context;return y`
      ${this.papers(e)} ${this.footage()}
      ${e.decided_by_proposal?y`<ha-alert alert-type="info">${t(`new.decided_by_proposal`)}</ha-alert>`:x}
      ${this.errorAlert()} ${this.buttons()}
    `}kinds(e){let{t,info:n}=this.context;return y`<ha-card>
      <fieldset>
        <legend><h2>${t(`new.kind`)}</h2></legend>
        <div class="choices">
          ${n.kinds.map(n=>y`<label class="choice"
                ><input
                  type="radio"
                  name="kind"
                  .checked=${n.kind===e?.kind}
                  @change=${()=>{this.choose(n)}}
                />${t(`kinds.${n.kind}`)}</label
              >`)}
        </div>
      </fieldset>
    </ha-card>`}render(){let{t:e,info:t}=this.context;if(!t.roles.includes(`exporter`))return y`<div class="page">
        <h1 tabindex="-1">${e(`new.heading`)}</h1>
        <ha-alert alert-type="info">${e(`why.not_exporter`)}</ha-alert>
      </div>`;let n=this.rule();return y`<form class="page" novalidate @submit=${this.submit}>
      <h1 tabindex="-1">${e(`new.heading`)}</h1>
      ${this.kinds(n)} ${n?this.form(n):x}
    </form>`}},Ko=24,qo=7,Jo=class extends w{static properties={text:{type:String},seconds:{type:Number}};static styles=o`
    :host {
      inset: 0;
      overflow: hidden;
      pointer-events: none;
      position: absolute;
      user-select: none;
      z-index: 1;
    }
    div {
      align-content: space-between;
      color: rgb(255 255 255 / 45%);
      display: grid;
      font: 500 clamp(11px, 1.6vmin, 20px) / 1.3 sans-serif;
      gap: 4% 2%;
      grid-template-columns: repeat(3, 1fr);
      inset: -8% -12%;
      position: absolute;
      text-align: center;
      /* Legible on snow as on asphalt. */
      text-shadow:
        0 0 2px rgb(0 0 0 / 80%),
        0 0 4px rgb(0 0 0 / 50%);
      transform-origin: center;
    }
    span {
      overflow-wrap: anywhere;
    }
  `;constructor(){super(),this.text=``,this.seconds=0}render(){let e=Math.floor(this.seconds/qo)%5;return y`<div
      aria-hidden="true"
      style="transform:rotate(-14deg) translate(${e*3-6}%, ${e*2%5*2-4}%)"
    >
      ${Array.from({length:Ko},()=>y`<span>${this.text}</span>`)}
    </div>`}},Yo=1e3,Xo={cases:`mdi:folder-multiple`,checks:`mdi:clipboard-check`,settings:`mdi:cctv`,ledger:`mdi:book-lock`,people:`mdi:account-group`},Zo={case:`cases`,mask:`cases`,new:`cases`,check:`checks`,checks:`checks`,settings:`settings`,acceptance:`settings`,ledger:`ledger`,people:`people`,cases:`cases`},Qo=class e extends w{static properties={hass:{attribute:!1},narrow:{type:Boolean},route:{attribute:!1},context:{state:!0},failure:{state:!0},changes:{state:!0}};static styles=[A,o`
      :host {
        background: var(--primary-background-color);
        min-block-size: 100%;
      }
      header {
        align-items: center;
        background: var(--app-header-background-color, var(--primary-color));
        border-block-end: var(--app-header-border-bottom, none);
        color: var(--app-header-text-color, var(--text-primary-color));
        display: flex;
        flex-wrap: wrap;
        gap: 4px 12px;
        inset-block-start: 0;
        min-block-size: var(--header-height, 56px);
        padding-inline: 8px 16px;
        position: sticky;
        z-index: 3;
      }
      header .title {
        font-size: 1.25rem;
        margin-inline-end: auto;
      }
      nav {
        display: flex;
        flex-wrap: wrap;
        gap: 4px;
      }
      nav a {
        align-items: center;
        border-block-end: 3px solid transparent;
        color: inherit;
        display: inline-flex;
        gap: 8px;
        min-block-size: 48px;
        padding-inline: 12px;
        text-decoration: none;
      }
      nav a[aria-current] {
        border-block-end-color: currentColor;
        font-weight: 500;
      }
      @media (max-width: 700px) {
        header .title {
          font-size: 1.1rem;
        }
        nav {
          display: grid;
          flex: 1 0 100%;
          grid-auto-columns: 1fr;
          grid-auto-flow: column;
        }
        nav a {
          flex-direction: column;
          font-size: 0.8rem;
          gap: 0;
          justify-content: center;
          line-height: 1.3;
          min-block-size: 52px;
          padding-inline: 2px;
          text-align: center;
        }
      }
      header :focus-visible {
        outline-color: currentColor;
        outline-offset: -4px;
      }
      .notice {
        margin: 16px auto 0;
        max-width: 1100px;
        padding-inline: 16px;
      }
      .notice .lines {
        white-space: pre-line;
      }
      .notice button {
        white-space: nowrap;
      }
    `];static bundle=``;language=``;client;unsubscribe;timer;lastRead=0;refused;constructor(){super(),this.narrow=!1,this.failure=``,this.changes=0}connectedCallback(){super.connectedCallback(),this.client&&this.begin()}disconnectedCallback(){super.disconnectedCallback(),this.stopListening()}stopListening(){clearTimeout(this.timer),this.timer=void 0,this.unsubscribe?.().catch(()=>void 0),this.unsubscribe=void 0}tryAgain(){clearTimeout(this.timer),this.timer=void 0,this.isConnected&&this.hass.connected&&!this.refused&&(this.timer=setTimeout(()=>{this.timer=void 0,this.begin()},At))}shouldUpdate(e){if(e.size>1||!e.has(`hass`))return!0;let t=e.get(`hass`);return t?.language!==this.hass.language||t.connected!==this.hass.connected||t.panels!==this.hass.panels}willUpdate(e){if(!e.has(`hass`))return;let t=e.get(`hass`);!this.client||this.language!==this.hass.language?(this.language=this.hass.language,this.client??=new Pt(this.hass.connection),this.begin()):t&&!t.connected&&this.hass.connected&&!this.refused&&(this.unsubscribe=void 0,this.begin())}async begin(){try{if(await It(this.hass),this.refused){this.failed(this.refused);return}if(await this.readInfo(),!this.isConnected||this.unsubscribe||this.isRefused())return;this.unsubscribe=await this.client?.changes(()=>{this.somethingChanged()}),this.endIfGone()}catch(e){this.failed(e),this.tryAgain()}}isRefused(){return this.refused!==void 0}endIfGone(){(!this.isConnected||this.refused)&&this.stopListening()}somethingChanged(){if(this.timer!==void 0)return;let e=Math.max(0,this.lastRead+Yo-Date.now());this.timer=setTimeout(()=>{this.timer=void 0,this.readInfo()},e)}async readInfo(){if(this.client){this.lastRead=Date.now();try{let e=await this.client.info();this.context={hass:this.hass,t:Lt(this.hass),api:this.client,clock:new Un(this.hass.language,e.time_zone),info:e},this.failure=``,this.changes+=1}catch(e){this.failed(e),this.tryAgain()}}}failed(e){e instanceof jt&&e.refusesPerson&&(this.context=void 0,this.refused=e,this.stopListening());let t=Lt(this.hass);this.failure=this.context?t(`common.stale`,{error:Rt(this.hass,t,e)}):Rt(this.hass,t,e)}outdated(){let t=this.hass.panels[`niiza-cctv`]?.config?.bundle;return typeof t==`string`&&t!==e.bundle}here(){let e=this.context?.info.pages??[],[t=e[0]??``,n=``,r=``]=(this.route?.path??``).split(`/`).filter(Boolean),i=Zo[t]??e[0];return i&&e.includes(i)?{page:i,name:t,id:decodeURIComponent(n),part:decodeURIComponent(r)}:void 0}page(e,t){let{changes:n}=this;switch(t.name){case`case`:return y`<niiza-cctv-case .context=${e} .changes=${n} .caseId=${t.id}></niiza-cctv-case>`;case`mask`:return y`<niiza-cctv-mask-editor
          .context=${e}
          .changes=${n}
          .caseId=${t.id}
          .item=${t.part}
        ></niiza-cctv-mask-editor>`;case`new`:return y`<niiza-cctv-new .context=${e}></niiza-cctv-new>`;case`check`:return y`<niiza-cctv-check .context=${e} .changes=${n} .checkId=${t.id}></niiza-cctv-check>`;case`acceptance`:return y`<niiza-cctv-acceptance
          .context=${e}
          .changes=${n}
          .camera=${t.id}
        ></niiza-cctv-acceptance>`;case`settings`:if(t.id)return y`<niiza-cctv-settings-confirm
            .context=${e}
            .changes=${n}
            .token=${t.id}
          ></niiza-cctv-settings-confirm>`}return this.tab(e,t.page)}tab(e,t){let{changes:n}=this;switch(t){case`cases`:return y`<niiza-cctv-cases .context=${e} .changes=${n}></niiza-cctv-cases>`;case`checks`:return y`<niiza-cctv-checks .context=${e} .changes=${n}></niiza-cctv-checks>`;case`settings`:return y`<niiza-cctv-settings .context=${e} .changes=${n}></niiza-cctv-settings>`;case`ledger`:return y`<niiza-cctv-ledger .context=${e} .changes=${n}></niiza-cctv-ledger>`;case`people`:return y`<niiza-cctv-people .context=${e} .changes=${n}></niiza-cctv-people>`}}notHere({t:e,info:t}){let[n]=t.pages;return y`<div class="notice">
      <ha-alert alert-type="info">${e(`common.not_here`)}</ha-alert>
      ${n?y`<p><a class="button" href="${N}/${n}">${e(`nav.${n}`)}</a></p>`:x}
    </div>`}navigation(e,t){let n=Lt(this.hass);return e.length<2?x:y`<nav aria-label=${n(`nav.title`)}>
      ${e.map(e=>y`<a href="${N}/${e}" aria-current=${t?.page===e?`page`:x}
            ><ha-icon icon=${Xo[e]}></ha-icon><span>${n(`nav.${e}`)}</span></a
          >`)}
    </nav>`}outdatedNotice(){let e=Lt(this.hass);return y`<ha-alert alert-type="info"
      >${e(`common.outdated`)}
      <button
        slot="action"
        @click=${()=>{location.reload()}}
      >
        ${e(`common.reload`)}
      </button></ha-alert
    >`}async dismiss(e){try{await this.client?.dismissNotice(e),await this.readInfo()}catch(e){this.failed(e)}}told({info:e,clock:t,t:n}){return e.notices.map(({tag:e,title:r,message:i,path:a,at:o})=>y`<ha-alert alert-type="info" .title=${r}
          ><span class="lines">${i}</span> <a href=${a}>${n(`common.open`)}</a> <span class="small">${t.at(o)}</span>
          <button slot="action" @click=${()=>void this.dismiss(e)}>${n(`common.put_away`)}</button></ha-alert
        >`)}notices(){let e=Lt(this.hass);return y`<div class="notice" role="status">
      ${this.context?this.told(this.context):x}
      ${this.outdated()?this.outdatedNotice():x}
      ${this.failure?y`<ha-alert alert-type="error">${this.failure}</ha-alert>`:x}
      ${this.failure&&!this.context&&!this.refused?y`<p>
            <button @click=${()=>void this.begin()}>${e(`common.again`)}</button>
          </p>`:x}
      ${this.context&&!this.context.info.ledger.available?y`<ha-alert alert-type="error">${e(`common.ledger_down`)}</ha-alert>`:x}
    </div>`}render(){let{context:e}=this,t=this.here();return y`
      <header>
        <ha-menu-button .hass=${this.hass} .narrow=${this.narrow}></ha-menu-button>
        <div class="title">${Lt(this.hass)(`nav.title`)}</div>
        ${this.navigation(e?.info.pages??[],t)}
      </header>
      ${this.notices()}
      <main>${e?t?this.page(e,t):this.notHere(e):x}</main>
    `}},$o=[`viewer`,`exporter`,`approver`,`tablet`],es=class extends F{static properties={...F.properties,appointments:{state:!0},mayDecline:{state:!0},alone:{state:!0},asked:{state:!0}};static styles=[A,o`
      ul {
        list-style: none;
        margin: 0;
        padding: 0;
      }
      li {
        border-bottom: 1px solid var(--divider-color);
        padding: 8px 0;
      }
      li:last-child {
        border: 0;
      }
      ul + h3,
      p + h3 {
        margin-block-start: 16px;
      }
    `];constructor(){super(),this.appointments=[],this.mayDecline=!1,this.alone=!1}async read(){let e=await this.context.api.people();this.appointments=e.appointments,this.mayDecline=e.may_decline,this.alone=e.nobody_may_confirm}async decide(){let{asked:e}=this;this.asked=void 0,e&&await this.attempt(`decide`,async()=>{let{api:t}=this.context,{number:n}=e.appointment;await(e.decision===`confirm`?t.confirmAppointment(n):t.declineAppointment(n)),await this.refresh()})}roleName(e){return this.context.t(`people.role_${e}`)}origin(e){let{t,clock:n}=this.context,r=n.at(e.named_at);return e.inherited?t(`people.inherited`,{at:r}):e.named_by?t(`people.named_by`,{person:e.named_by.name,at:r}):t(`people.named_outside`,{at:r})}person(e){let{t}=this.context;return y`<div class="row">
        <strong>${e.user.name}</strong>
        ${e.active?x:y`<span class="soft">${t(`people.inactive`)}</span>`}
      </div>
      <div class="soft small">${this.origin(e)}</div>
      ${e.confirmed_by?y`<div class="soft small">${t(`people.confirmed_by`,{person:e.confirmed_by.name})}</div>`:x}`}waiting(e){let{t,hass:n}=this.context,r=!!this.busy||!this.context.info.ledger.available;return y`<li>
      <div>${this.roleName(e.role)}</div>
      ${this.person(e)}
      ${e.why_not?y`<p class="soft small" id="why-${e.number}">${X(n,e.why_not,``)}</p>`:x}
      <div class="row">
        <button
          class="main"
          ?disabled=${r||!e.may_confirm}
          aria-describedby=${e.why_not?`why-${e.number}`:x}
          @click=${()=>{this.asked={appointment:e,decision:`confirm`}}}
        >
          <ha-icon icon="mdi:account-check"></ha-icon>${t(`people.confirm`)}
        </button>
        <button
          ?disabled=${r||!this.mayDecline}
          @click=${()=>{this.asked={appointment:e,decision:`decline`}}}
        >
          <ha-icon icon="mdi:account-cancel"></ha-icon>${t(`people.decline`)}
        </button>
      </div>
    </li>`}pending(){let{t:e}=this.context,t=this.appointments.filter(e=>!e.in_effect);return y`<ha-card>
      <h2>${e(`people.pending_heading`)}</h2>
      ${this.alone?y`<ha-alert alert-type="warning">${e(`people.alone`)}</ha-alert>`:x}
      ${t.length?y`<ul>
            ${t.map(e=>this.waiting(e))}
          </ul>`:y`<p class="soft">${e(`people.nobody_waits`)}</p>`}
    </ha-card>`}held(){let{t:e}=this.context;return y`<ha-card>
      <h2>${e(`people.held_heading`)}</h2>
      ${$o.map(t=>{let n=this.appointments.filter(e=>e.in_effect&&e.role===t);return t===`tablet`&&!n.length?x:y`<h3>${this.roleName(t)}</h3>
          ${n.length?y`<ul>
                ${n.map(e=>y`<li>${this.person(e)}</li>`)}
              </ul>`:y`<p class="soft">${e(`people.none`)}</p>`}`})}
    </ha-card>`}question(){let{t:e}=this.context;if(!this.asked)return x;let{appointment:t,decision:n}=this.asked,r={person:t.user.name,role:this.roleName(t.role)};return y`<niiza-cctv-dialog
      heading=${e(`people.${n}`)}
      @dismissed=${()=>{this.asked=void 0}}
    >
      <p>${e(`people.${n}_question`,r)}</p>
      <div class="row">
        <button class="main" @click=${()=>void this.decide()}>${e(`people.${n}`)}</button>
        <button
          @click=${()=>{this.asked=void 0}}
        >
          ${e(`common.back`)}
        </button>
      </div>
    </niiza-cctv-dialog>`}render(){let{t:e}=this.context;return y`<div class="page">
      <h1 tabindex="-1">${e(`people.heading`)}</h1>
      <p>${e(`people.help`)}</p>
      ${this.errorAlert(this.unread)} ${this.pending()} ${this.held()} ${this.errorAlert()} ${this.question()}
    </div>`}},ts=.75,ns=100,rs=class{last;played=/* @__PURE__ */ new Map;look(e){let{last:t}=this;if(this.last=e,!t?.playing)return;let n=e.position-t.position,r=(e.now-t.now)/1e3*t.rate*1.25+ts;n>0&&n<=r&&this.add(t.rate,[is(t.position),is(e.position)])}stepped(e,t){this.last=void 0,t>e&&this.add(1,[is(e),is(t)])}jumped(){this.last=void 0}take(){let e=[...this.played].map(([e,t])=>({speed:e,reaches:t}));return this.played.clear(),e}putBack(e){for(let{speed:t,reaches:n}of e)for(let e of n)this.add(t/100,e)}add(e,t){let n=Math.round(e*100),r=this.played.get(n)??[],i=r.at(-1);i&&i[1]>=t[0]&&i[0]<=t[0]?i[1]=Math.max(i[1],t[1]):r.length<ns&&r.push(t),this.played.set(n,r)}};function is(e){return Math.max(0,Math.round(e*1e3))}var as=5e3,os=2,ss=class extends Q{static properties={...Q.properties,clip:{type:String},cuttable:{type:Boolean},covered:{type:Boolean},through:{type:Boolean},from:{state:!0},to:{state:!0},watched:{state:!0},uncounted:{state:!0}};reaches={start:``,end:``};played=new rs;toldAt=0;telling=!1;constructor(){super(),this.cuttable=!1,this.covered=!1,this.through=!1,this.from=null,this.to=null,this.uncounted=``}updated(e){e.has(`covered`)&&this.covered&&this.video()?.pause()}disconnectedCallback(){super.disconnectedCallback(),this.tell()}subject(){return this.clip}async source(){let e=await this.context.api.watchClip(this.clip);return this.reaches={start:e.start,end:e.end},e}span(){return this.reaches}label(){return this.context.t(`watch.label_sealed`,{camera:this.cameraName})}broken(e){super.broken(e),this.path=``}unplayable(){return`watch.cannot_play_sealed`}brokenWords(e){return e===MediaError.MEDIA_ERR_DECODE?this.unplayable():`watch.broken_sealed`}looked(){let e=this.video();if(!e)return;let t=performance.now();e.seeking||document.visibilityState===`hidden`?this.played.jumped():this.played.look({position:e.currentTime,rate:e.playbackRate,playing:!e.paused,now:t}),(e.paused||t-this.toldAt>=as)&&this.tell()}left(){this.looked(),this.played.jumped()}stepped(e,t){document.visibilityState!==`hidden`&&(this.played.stepped(e,t),this.tell())}async tell(){if(this.telling)return;let{clip:e}=this,t=this.played.take();if(!t.length&&this.waits()&&(t=[{speed:100,reaches:[]}]),t.length){this.telling=!0,this.toldAt=performance.now();try{for(let n of[...t])this.counted(e,await this.context.api.tellWatched(e,n)),t=t.slice(1);this.uncounted=``}catch(e){this.uncounted=this.wording(e),this.played.putBack(t)}finally{this.telling=!1}}}waits(){let e=this.watched?.missing_from??null;return this.through&&e!==null&&performance.now()-this.toldAt>=as}counted(e,t){this.watched=t;let n={clip:e,watched:t};this.dispatchEvent(new CustomEvent(`watched-counted`,{detail:n,bubbles:!0,composed:!0}))}watchedShown(){let{t:e}=this.context;return y`<p class="small with-icon">
        <ha-icon icon="mdi:eye-check"></ha-icon>
        <span class="watched">${this.watched?Qr(e,this.watched):e(`watch.counting`)}</span>
      </p>
      ${this.through?this.missing():x}
      ${this.uncounted?y`<ha-alert alert-type="warning">${e(`watch.uncounted`,{error:this.uncounted})}</ha-alert>`:x}`}missing(){let{t:e}=this.context,t=this.watched?this.watched.missing_from:0;return t===null?y`<p class="small with-icon"><ha-icon icon="mdi:check-circle"></ha-icon>${e(`watch.through`)}</p>`:y`<p class="small">${e(`watch.through_help`)}</p>
      <div class="row">
        <button
          type="button"
          ?disabled=${!this.path}
          @click=${()=>{this.seek(t),this.video()?.play()}}
        >
          <ha-icon icon="mdi:eye-arrow-right"></ha-icon>${e(`watch.next_unwatched`)}
        </button>
      </div>`}mark(e){let{at:t}=this;if(!t)return;this[e]=t;let{from:n,to:r}=this;if(!n||!r)return;if(n>r){this[e===`from`?`to`:`from`]=null;return}let{clock:i}=this.context,a=new Date(r.getTime()+os),o={clip:this.clip,start:i.iso(n),end:i.iso(a)};this.dispatchEvent(new CustomEvent(`cut-marked`,{detail:o,bubbles:!0,composed:!0}))}marked(){if(this.cuttable&&(this.from??this.to))return{start:this.from?.toISOString()??null,end:this.to?.toISOString()??null}}shortcut(e,t){return this.cuttable&&(e===`i`||e===`o`)?this.mark.bind(this,e===`i`?`from`:`to`):super.shortcut(e,t)}keysShown(){return[...super.keysShown(),...this.cuttable?[[`I / O`,`watch.key_mark`]]:[]]}markButton(e){let{t,clock:n}=this.context,r=this[e];return y`<span class="row">
      <button
        type="button"
        ?disabled=${!this.at}
        @click=${()=>{this.mark(e)}}
      >
        <ha-icon icon=${e===`from`?`mdi:ray-start-arrow`:`mdi:ray-end`}></ha-icon>
        ${t(e===`from`?`watch.mark_from`:`watch.mark_to`)}
      </button>
      <span class="small">${r?n.tenths(r):t(`watch.not_marked`)}</span>
    </span>`}marks(){return y`<div class="row" role="group" aria-label=${this.context.t(`watch.marks`)}>
      ${this.markButton(`from`)} ${this.markButton(`to`)}
    </div>`}controls(){return y`${this.cuttable?this.marks():x} ${this.watchedShown()}`}},cs=`24`,ls=336,us=class extends F{static properties={...F.properties,known:{state:!0},opened:{state:!0},asked:{state:!0},resolution:{state:!0},hours:{state:!0},clockBy:{state:!0},server:{state:!0}};static styles=[A,o`
      .page {
        max-width: 860px;
      }
      .open {
        border: 0;
        inline-size: 100%;
        justify-content: space-between;
        padding-inline: 0;
        text-align: start;
      }
      .open h2 {
        margin: 0;
      }
      .chips {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
      }
      form {
        border-block-start: 1px solid var(--divider-color);
        display: grid;
        gap: 12px;
        margin-block-start: 20px;
        padding-block-start: 20px;
      }
      form p {
        margin: 0;
      }
      form > button {
        justify-self: start;
      }
      .hours input:not([type="radio"]) {
        inline-size: 7rem;
      }
      @media (max-width: 600px) {
        form > button {
          justify-self: stretch;
        }
      }
    `];constructor(){super(),this.opened=new URLSearchParams(location.search).get(`camera`)??``,this.resolution=`everyday`,this.hours=cs,this.clockBy=`ntp`,this.server=``}async read(){let e=this.known===void 0;this.known=await this.context.api.cameraSettings(),e&&this.opened&&this.ask(this.opened)}toggle(e){this.error=``,this.opened=this.opened===e?``:e,this.opened&&this.ask(e)}async ask(e){this.asked=void 0,await this.attempt(`ask`,async()=>{let{cameras:t}=await this.context.api.cameraSettings(e),[n]=t;if(n?.camera!==this.opened)return;this.asked=n,this.resolution=n.resolution.within_limit===!1||n.raised?`everyday`:`evidence`,this.hours=cs;let{ntp:r}=n.clock;this.server=r&&r!==`dhcp`?r:``})}async request(e,t,n){e.preventDefault(),H(e.target)&&await this.attempt(t,async()=>{let{link:e}=await n();zt(e.slice(N.length+1))})}chip(e,t){let[n,r,i]=t;return y`<span class="chip ${e===!1?`risk`:e===null?`done`:``}"
      ><ha-icon icon=${e===null?`mdi:help-circle`:e?`mdi:check-circle`:`mdi:alert-circle`}></ha-icon>${e===null?i:e?n:r}</span
    >`}chips(e){let{t}=this.context,n=e.audio.disabled??null;return y`<p class="chips">
      ${this.chip(n===!1&&e.audio.allowed?!0:n,[t(n?`settings.audio_off`:`settings.audio_allowed`),t(`settings.audio_on`),t(`settings.audio_unknown`)])}
      ${this.chip(e.resolution.within_limit,[W(t,e.resolution.now),t(`settings.size_high`,{size:W(t,e.resolution.now)}),t(`settings.size_unknown`)])}
      ${this.chip(e.clock.problem===null?null:!e.clock.problem,[t(`settings.clock_right`),G(t,e.clock.offset),t(`settings.clock_unknown`)])}
    </p>`}raised(e){let{t,clock:n}=this.context,{raised:r}=e;if(!r)return x;let i={at:n.at(r.until),size:W(t,r.after),person:r.by?.name??t(`history.nobody`)};return y`<ha-alert alert-type=${r.over?`warning`:`info`}
      >${t(r.over?`settings.raised_over`:`settings.raised`,i)}
      ${r.certain?x:t(`settings.raised_uncertain`)}</ha-alert
    >`}button(e,t,n){let{t:r}=this.context;return y`<button type="submit" ?disabled=${!!this.busy}>
      <ha-icon icon=${t}></ha-icon>${this.busy===e?r(`settings.asking`):n}
    </button>`}audio(e){let{t,clock:n,api:r}=this.context,{disabled:i,allowed:a,on_card_until:o}=e.audio,s=a?`settings.audio_allowed`:`settings.audio_on`;return y`<form
      @submit=${t=>void this.request(t,`audio`,()=>r.switchAudioOff(e.camera))}
    >
      <h3>${t(`settings.audio`)}</h3>
      <p>${t(i===null?`settings.audio_unknown`:i?`settings.audio_off`:s)}</p>
      ${o?y`<p class="soft">${t(`settings.on_card_until`,{at:n.at(o)})}</p>`:x}
      ${this.button(`audio`,`mdi:microphone-off`,t(`settings.do_audio`))}
    </form>`}choice(e,t,n,r){return y`<label class="choice"
      ><input type="radio" name=${e} .checked=${t} @change=${r} />${n}</label
    >`}sizeChoice(e,{resolution:t}){let{t:n}=this.context,r=n(`settings.${e}`,{size:W(n,t[e])});return this.choice(`resolution`,this.resolution===e,r,()=>{this.resolution=e})}hoursField(){let{t:e}=this.context,t={name:`hours`,className:`hours`,label:e(`settings.hours`),help:e(`settings.hours_help`,{longest:ls})};return z(e,t,y`<input
        id="hours"
        type="number"
        inputmode="numeric"
        min="1"
        max=${ls}
        step="1"
        required
        aria-describedby=${R(t)}
        .value=${pn(this.hours)}
        @input=${e=>{this.hours=e.target.value}}
      />`)}async requestSize(e,t){let n=this.resolution===`evidence`?Number(this.hours):void 0;await this.request(e,`resolution`,()=>this.context.api.setResolution(t,this.resolution,n))}size(e){let{t}=this.context,{now:n,recorded:r}=e.resolution;return y`<form novalidate @submit=${t=>void this.requestSize(t,e.camera)}>
      <h3>${t(`settings.resolution`)}</h3>
      <p>
        ${t(`settings.size_now`,{size:W(t,n)})}
        ${r===!1?y`<span class="soft small">${t(`settings.size_assumed`)}</span>`:x}
      </p>
      <fieldset>
        <legend>${t(`settings.resolution_to`)}</legend>
        <div class="choices">${this.sizeChoice(`everyday`,e)} ${this.sizeChoice(`evidence`,e)}</div>
      </fieldset>
      ${this.resolution===`evidence`?this.hoursField():x}
      ${this.button(`resolution`,`mdi:image-size-select-large`,t(`settings.do_resolution`))}
    </form>`}clockChoice(e){let t=this.context.t(e===`ntp`?`settings.clock_ntp`:`settings.clock_here`);return this.choice(`clock`,this.clockBy===e,t,()=>{this.clockBy=e})}serverField(){let{t:e}=this.context,t={name:`ntp`,label:e(`settings.ntp`),help:e(`settings.ntp_help`),required:!0};return z(e,t,y`<input
        id="ntp"
        type="text"
        inputmode="url"
        maxlength="253"
        autocomplete="off"
        autocapitalize="none"
        spellcheck="false"
        required
        aria-describedby=${R(t)}
        .value=${this.server}
        @input=${e=>{this.server=e.target.value}}
      />`)}async requestClock(e,t){let n=this.clockBy===`ntp`?this.server.trim():``;await this.request(e,`clock`,()=>this.context.api.setClock(t,n))}clock(e){let{t}=this.context,{mode:n,ntp:r,offset:i}=e.clock;return y`<form novalidate @submit=${t=>void this.requestClock(t,e.camera)}>
      <h3>${t(`settings.clock`)}</h3>
      <p>${t(`settings.clock_now`,{mode:bn(t,n,r),offset:G(t,i)})}</p>
      <fieldset>
        <legend>${t(`settings.clock_to`)}</legend>
        <div class="choices">${this.clockChoice(`ntp`)} ${this.clockChoice(`here`)}</div>
      </fieldset>
      ${this.clockBy===`ntp`?this.serverField():x}
      ${this.button(`clock`,`mdi:clock-edit`,t(`settings.do_clock`))}
    </form>`}closeLook(e){let{t,hass:n}=this.context;if(this.busy===`ask`)return y`<p role="status">${t(`settings.asking`)}</p>`;let{asked:r}=this;return r?y`
      ${r.error?y`<ha-alert alert-type="warning">${X(n,r.error,e.name)}</ha-alert>`:x}
      ${this.known?.may?y`${this.audio(r)} ${this.size(r)} ${this.clock(r)}`:y`<p class="soft">${t(`settings.may_not`)}</p>`}
    `:x}camera(e){let{t}=this.context,n=this.opened===e.camera;return y`<ha-card>
      <button
        type="button"
        class="open"
        aria-expanded=${n}
        @click=${()=>{this.toggle(e.camera)}}
      >
        <h2 class="with-icon"><ha-icon icon="mdi:cctv"></ha-icon>${e.name}</h2>
        <ha-icon icon=${n?`mdi:chevron-up`:`mdi:chevron-down`}></ha-icon>
      </button>
      ${this.chips(e)} ${this.raised(e)}
      ${n?y`${this.closeLook(e)} ${this.errorAlert()}
            <p>
              <a class="button" href="${N}/acceptance/${encodeURIComponent(e.camera)}"
                ><ha-icon icon="mdi:clipboard-check-outline"></ha-icon>${t(`acceptance.open`)}</a
              >
            </p>`:x}
    </ha-card>`}render(){let{t:e}=this.context,t=this.known?.cameras??[];return y`<div class="page">
      <h1 tabindex="-1">${e(`settings.heading`)}</h1>
      <p>${e(`settings.help`)}</p>
      ${this.errorAlert(this.unread)}
      ${this.known?x:y`<p role="status">${e(`common.loading`)}</p>`}
      ${yn(t,e=>e.camera,e=>this.camera(e))}
      ${this.known&&!t.length?y`<p class="soft">${e(`settings.none`)}</p>`:x}
    </div>`}},ds=class extends F{static properties={...F.properties,token:{type:String},request:{state:!0},done:{state:!0},username:{state:!0}};static styles=[A,o`
      .page {
        max-width: 760px;
      }
      form {
        display: grid;
        gap: 16px;
      }
      form button {
        min-block-size: 56px;
      }
      ha-alert {
        display: block;
        margin-block-end: 8px;
      }
      dl {
        margin-block-end: 16px;
      }
      .after {
        font-weight: 500;
      }
    `];constructor(){super(),this.token=``,this.username=``}disconnectedCallback(){super.disconnectedCallback(),this.clearPassword()}willUpdate(e){e.has(`token`)&&(this.clearPassword(),this.username=``,this.request=void 0,this.done=void 0,this.refresh()),super.willUpdate(e)}async read(){if(this.done?.done)return;let{token:e}=this;try{let t=await this.context.api.settingsRequest(e);e===this.token&&(this.request=t)}catch(t){throw e===this.token&&(this.request=void 0),t}}passwordField(){return this.renderRoot.querySelector(`#camera-secret`)}clearPassword(){let e=this.hasUpdated?this.passwordField():null;e&&(e.value=``)}async submit(e){e.preventDefault();let t=this.passwordField();H(e.target)&&t&&(this.done=void 0,await this.attempt(`send`,async()=>{let e=Ft(this.context.hass,this.token,this.username.trim(),t.value);this.clearPassword();let n=await e.catch(()=>{throw new j(`settings.no_answer`)});`done`in n?this.done=n:this.error=n.message}),await this.refresh(),await this.updateComplete,this.renderRoot.querySelector(`#outcome`)?.focus())}values(e,t){let{t:n,clock:r}=this.context;return y`<dl>
      <dt>${n(t?`settings.before`:`fields.before`)}</dt>
      <dd>${xn(n,e.before,!0)}</dd>
      ${e.after?y`<dt>${n(t?`settings.after_asked`:`settings.after_read`)}</dt>
            <dd class="after">${xn(n,e.after)}</dd>`:x}
      ${e.until?y`<dt>${n(`settings.until`)}</dt>
            <dd>${r.at(e.until)}</dd>`:x}
    </dl>`}outcomeWords(e,t){return t?e.changed?`settings.done`:`settings.done_already`:e.done===null?`settings.nobody_knows`:`settings.not_done`}outcome(e){let{t}=this.context,n=e.done===!0&&e.verified;return y`<ha-card id="outcome" tabindex="-1">
      <h2 class="with-icon">
        <ha-icon icon=${n?`mdi:check-decagram`:`mdi:alert-octagon`}></ha-icon>${t(this.outcomeWords(e,n))}
      </h2>
      <ha-alert alert-type=${n?`success`:`error`} role="status">${e.message}</ha-alert>
      ${this.values(e,!1)}
      ${e.remains.map(e=>y`<ha-alert alert-type="info">${e.text}</ha-alert>`)}
      ${e.recorded?x:y`<ha-alert alert-type="warning">${t(`settings.recorded_later`)}</ha-alert>`}
    </ha-card>`}usernameInput(e){let{t}=this.context,n={name:`camera-user`,label:t(`settings.username`),help:t(`settings.username_help`),required:!0};return z(t,n,y`<input
        id="camera-user"
        type="text"
        maxlength="64"
        autocomplete="off"
        autocapitalize="none"
        spellcheck="false"
        required
        ?disabled=${e}
        aria-describedby=${R(n)}
        .value=${this.username}
        @input=${e=>{this.username=e.target.value}}
      />`)}passwordInput(e){let{t}=this.context;return z(t,{name:`camera-secret`,label:t(`settings.password`),required:!0},y`<input
        id="camera-secret"
        type="password"
        maxlength="256"
        autocomplete="new-password"
        autocapitalize="none"
        spellcheck="false"
        data-1p-ignore
        data-lpignore="true"
        data-bwignore
        required
        ?disabled=${e}
      />`)}form({expires:e,tries_left:t}){let{t:n,clock:r}=this.context,i=this.busy===`send`;return y`<form autocomplete="off" novalidate @submit=${this.submit}>
      <p>${n(`settings.password_help`)}</p>
      ${this.usernameInput(i)} ${this.passwordInput(i)} ${this.errorAlert()}
      <button type="submit" class="main" ?disabled=${!!this.busy}>
        <ha-icon icon="mdi:lock-open-check"></ha-icon>${n(i?`settings.sending`:`settings.send`)}
      </button>
      <p class="soft small" role="status">
        ${n(i?`settings.sending_help`:`settings.expires`,{at:r.at(e),tries:t})}
      </p>
    </form>`}question(e){let{t}=this.context;return y`<ha-card>
      <h2>${t(`settings.ask_${e.setting}`)}</h2>
      ${this.values(e,!0)}
      ${e.already?y`<ha-alert alert-type="info">${t(`settings.already`)}</ha-alert>`:x}
      ${e.warnings.map(e=>y`<ha-alert alert-type="warning">${e.text}</ha-alert>`)}
      ${this.form(e)}
    </ha-card>`}unknown(){return this.unread?this.errorAlert(this.unread):y`<p role="status">${this.context.t(`common.loading`)}</p>`}render(){let{t:e}=this.context,{request:t,done:n}=this,r=t?.camera_name;return y`<div class="page">
      <p><a class="with-icon" href="${N}/settings"><ha-icon icon="mdi:arrow-left"></ha-icon>${e(`settings.back`)}</a></p>
      <h1 tabindex="-1">${r?e(`settings.of`,{camera:r}):e(`settings.heading`)}</h1>
      ${n?this.outcome(n):x}
      ${t&&!n?.done?this.question(t):x}
      ${t||n?x:this.unknown()}
    </div>`}},fs=class extends Q{static properties={...Q.properties,camera:{type:String},start:{type:String},end:{type:String},pick:{type:Boolean},kept:{type:Boolean}};constructor(){super(),this.pick=!1,this.kept=!1}subject(){return this.camera}source(){return this.context.api.playback(this.camera,this.start,this.end)}stepped(){}span(){return{start:this.start,end:this.end}}label(){return this.context.t(`watch.label`,{camera:this.cameraName})}unplayable(){return this.kept?`watch.cannot_play_kept`:`watch.cannot_play`}brokenWords(e){return e===MediaError.MEDIA_ERR_SRC_NOT_SUPPORTED||e===MediaError.MEDIA_ERR_DECODE?this.unplayable():`watch.broken`}pickEdge(e){this.at&&this.dispatchEvent(new CustomEvent(`picked`,{detail:{edge:e,at:this.at}}))}controls(){return this.pick?y`<div class="row">${[`start`,`end`].map(e=>this.edgeButton(e))}</div>`:x}edgeButton(e){return y`<button
      type="button"
      ?disabled=${!this.at}
      @click=${()=>{this.pickEdge(e)}}
    >
      <ha-icon icon=${e===`start`?`mdi:ray-start-arrow`:`mdi:ray-end`}></ha-icon>
      ${this.context.t(e===`start`?`watch.take_start`:`watch.take_end`)}
    </button>`}};await customElements.whenDefined(`home-assistant`);for(let[e,t]of Object.entries({"niiza-cctv-dialog":Ya,"niiza-cctv-overlay":Jo,"niiza-cctv-watch":fs,"niiza-cctv-sealed":ss,"niiza-cctv-acceptance":Xt,"niiza-cctv-by-hand":gr,"niiza-cctv-decision-form":ta,"niiza-cctv-passage":lr,"niiza-cctv-cases":ha,"niiza-cctv-new":Go,"niiza-cctv-case-clip":Oi,"niiza-cctv-case-cut":vi,"niiza-cctv-case-mask":xi,"niiza-cctv-counter":Ga,"niiza-cctv-counter-form":Ka,"niiza-cctv-cut-form":qa,"niiza-cctv-case-package":ki,"niiza-cctv-case-release":Ai,"niiza-cctv-case-step":ma,"niiza-cctv-case":di,"niiza-cctv-mask-editor":Io,"niiza-cctv-mask-form":Ho,"niiza-cctv-mask-stage":uo,"niiza-cctv-check-form":Da,"niiza-cctv-checks":Oa,"niiza-cctv-check":_a,"niiza-cctv-ledger":Xa,"niiza-cctv-settings":us,"niiza-cctv-settings-confirm":ds,"niiza-cctv-people":es,"niiza-cctv-panel":Qo}))customElements.get(e)||customElements.define(e,t);Qo.bundle=new URL(import.meta.url).pathname.split(`/`).at(-2)??``,da();